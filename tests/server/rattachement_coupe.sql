with coupes as (
    select p.geom, core.part_couverte(p.geom, o.boite) as part, o.boite
    from cadastre.parcelle p
    cross join generate_series(1, 199) n
    cross join lateral (
        select st_makeenvelope(st_xmin(p.geom) - 1, st_ymin(p.geom) - 1,
            st_xmin(p.geom) + n * (st_xmax(p.geom) - st_xmin(p.geom)) / 200, st_ymax(p.geom) + 1, st_srid(p.geom)) as boite
    ) o
    where p.idu = $1
)
select st_asgeojson(st_transform(st_multi(st_collectionextract(st_intersection(geom, boite), 3)), 4326), 8)::jsonb,
    st_asgeojson(st_transform(st_multi(st_collectionextract(st_difference(geom, boite), 3)), 4326), 8)::jsonb
from coupes
order by abs(part - $2)
limit 1
