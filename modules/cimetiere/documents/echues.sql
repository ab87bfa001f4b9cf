-- Les emplacements dont la concession est échue, dans l'ordre du cimetière, avec les défunts que rien n'empêche de nommer ;
-- aucun vivant. Six noms par emplacement, et combien d'autres.
-- param id: uuid
-- result secteur: text
-- result allee: text
-- result numero: text
-- result echeance: date
-- result defunts: text
-- result autres: integer
select s.libelle as secteur, a.libelle as allee, e.numero, e.echeance, g.defunts, g.autres
from {{emplacement}} e
left join {{secteur}} s on s.id = e.secteur
left join {{allee}} a on a.id = e.allee
left join lateral (
    select string_agg(r.nom, ', ' order by r.rang) filter (where r.rang <= 6) as defunts,
        count(*) filter (where r.rang > 6) as autres
    from (
        select concat_ws(' ', d.prenoms, upper(coalesce(d.nom_usage, d.nom))) as nom,
            row_number() over (order by j.du nulls first, d.nom, d.prenoms, d.id) as rang
        from {{sejour}} j
        join {{defunt}} d on d.id = j.defunt
        where j.emplacement = e.id and j.au is null and not j.annule and d.publie
    ) r
) g on true
where e.cimetiere = :id and e.statut in ('echu_renouvelable', 'echu_reprenable')
order by s.libelle nulls first, e.ordre
