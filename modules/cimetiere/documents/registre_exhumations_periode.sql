-- D'une période.
-- Les exhumations, réductions, réunions, transferts et sorties d'un cimetière : les cinq mille dernières, dans l'ordre.
-- rows 5000
-- param cimetiere: uuid
-- param du: date
-- param au: date
-- result total: integer
-- result numero: text
-- result le: date
-- result genre: text
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result deces_le: date
-- result deces_annee: integer
-- result origine: text
-- result destination: text
-- result demandeur: text
-- result qualite: text
-- result entreprise: text
select r.total, r.numero, r.le, r.genre, d.libelles ->> 'civilite' as civilite, d.prenoms, d.nom, d.nom_usage, d.deces_le,
    d.deces_annee, r.origine, r.destination, r.demandeur, r.qualite, r.entreprise
from (
    select o.numero, o.realisee_le as le, o.libelles ->> 'genre' as genre, o.defunt,
        case when e.allee is null then concat_ws(' ', e.libelles ->> 'secteur', e.titre) else e.titre end as origine,
        case when o.genre = 'sortie' then 'Hors du cimetière'
            when o.destination is null or o.destination = o.emplacement then 'Même emplacement'
            when f.cimetiere = e.cimetiere then concat_ws(' ', case when f.allee is null then f.libelles ->> 'secteur' end, f.titre)
            else concat_ws(', ', f.titre, m.libelle) end as destination,
        o.libelles ->> 'demandeur' as demandeur, o.libelles ->> 'qualite_demandeur' as qualite,
        o.libelles ->> 'entreprise' as entreprise, count(*) over () as total
    from {{operation}} o
    join {{emplacement}} e on e.id = o.emplacement
    left join {{emplacement}} f on f.id = o.destination
    left join {{cimetiere}} m on m.id = f.cimetiere
    where e.cimetiere = :cimetiere and o.etat = 'realisee' and o.realisee_le between :du and :au
        and o.genre in ('exhumation', 'reduction', 'reunion', 'transfert', 'sortie')
    order by o.realisee_le desc nulls last, o.numero desc nulls last
    limit 5000
) r
join {{defunt}} d on d.id = r.defunt
order by r.le nulls first, r.numero nulls first
