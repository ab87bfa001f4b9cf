select insee, core.storage_srid() as srid,
    st_y(st_transform(st_centroid(st_setsrid(st_extent(geom)::geometry, core.storage_srid())), 4326)) as latitude
from cadastre.parcelle
where insee = any($1)
group by insee
