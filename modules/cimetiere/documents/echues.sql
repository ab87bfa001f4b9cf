-- Les emplacements dont la concession est échue, dans l'ordre du cimetière, avec les défunts que rien n'empêche de nommer ;
-- aucun vivant.
-- param id: uuid
-- result secteur: text
-- result allee: text
-- result numero: text
-- result echeance: date
-- result reprenable: boolean
-- result defunts: text
select s.libelle as secteur, a.libelle as allee, e.numero, e.echeance, e.statut = 'echu_reprenable' as reprenable,
    (
        select string_agg(concat_ws(' ', d.prenoms, upper(coalesce(d.nom_usage, d.nom))), ', ' order by j.du nulls first, d.nom)
        from {{sejour}} j
        join {{defunt}} d on d.id = j.defunt
        where j.emplacement = e.id and j.au is null and not j.annule and d.publie
    ) as defunts
from {{emplacement}} e
left join {{secteur}} s on s.id = e.secteur
left join {{allee}} a on a.id = e.allee
where e.cimetiere = :id and e.statut in ('echu_renouvelable', 'echu_reprenable')
order by s.libelle nulls first, a.libelle nulls first, length(e.numero), e.numero
