-- A boundary is shared where the neighbour's outline runs within 5 cm: feuilles are not noded with one another.
select n.idu, c.contact,
    degrees(st_azimuth(st_centroid(p.geom), st_centroid(c.ligne))) as azimut
from cadastre.parcelle p
join cadastre.parcelle n on n.idu <> p.idu and st_dwithin(n.geom, p.geom, 0.05)
cross join lateral (
    select ligne, st_length(st_transform(ligne, $2)) as contact
    from (
        select st_collectionextract(st_intersection(st_boundary(n.geom), st_buffer(p.geom, 0.05, 'quad_segs=2')), 2) as ligne
    ) l
) c
where p.idu = $1
    and c.contact > 0.2
order by azimut, n.idu
limit 300
