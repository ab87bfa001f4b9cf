select p.idu
from cadastre.parcelle p
where st_intersects(p.geom, st_transform(st_setsrid(st_makepoint($1, $2), 4326), core.storage_srid()))
order by p.idu
limit 1
