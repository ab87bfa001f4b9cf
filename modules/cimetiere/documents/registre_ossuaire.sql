-- Les personnes dont les restes sont dans les ossuaires d'un cimetière : les cinq mille dernières entrées, dans l'ordre.
-- rows 5000
-- param id: uuid
-- result total: integer
-- result le: date
-- result annee: integer
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result naissance: date
-- result naissance_annee: integer
-- result deces_le: date
-- result deces_annee: integer
-- result provenance: text
-- result ossuaire: text
-- result operation: text
select r.total, r.le, r.annee, d.libelles ->> 'civilite' as civilite, d.prenoms, d.nom, d.nom_usage, d.naissance,
    d.naissance_annee, d.deces_le, d.deces_annee, r.provenance, r.ossuaire, r.operation
from (
    select s.du as le, s.du_annee as annee, s.defunt, e.titre as ossuaire, o.libelles ->> 'emplacement' as provenance,
        o.numero as operation, count(*) over () as total
    from {{sejour}} s
    join {{emplacement}} e on e.id = s.emplacement
    left join {{operation}} o on o.id = s.entree
    where e.cimetiere = :id and e.nature = 'ossuaire' and not s.annule
    order by coalesce(s.du, make_date(s.du_annee::integer, 1, 1)) desc nulls last
    limit 5000
) r
join {{defunt}} d on d.id = r.defunt
order by coalesce(r.le, make_date(r.annee::integer, 1, 1)) nulls first, d.nom, d.prenoms
