select b.cle, b.type, b.nom, s.surface, s.commune
from cadastre.parcelle p
join cadastre.batiment b on st_intersects(b.geom, p.geom)
cross join lateral (
    select st_area(st_transform(b.geom, $2)) as surface,
        st_area(st_transform(st_collectionextract(st_intersection(b.geom, p.geom), 3), $2)) as commune
) s
where p.idu = $1
    and (s.commune >= 0.5 or s.commune >= s.surface / 2)
order by s.commune desc, b.cle
limit 500
