-- Declared parcels that the plan knows; those under the point where none is declared.
select a.numero, a.suffixe,
    array(
        select p.idu from cadastre.parcelle p where p.idu = any(a.parcelles)
        union
        select p.idu from cadastre.parcelle p where a.parcelles = '{}' and st_intersects(p.geom, a.geom)
        order by 1
    ) as parcelles
from adresse.adresse a
where a.voie = $1
order by a.numero, a.suffixe
limit $2
