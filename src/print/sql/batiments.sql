-- Buildings of a frame.
with cadre as (
    select st_transform(st_segmentize(st_makeenvelope($2, $3, $4, $5, $1), 500), core.storage_srid()) as boite
)
select coalesce(b.type, '') = '02' as leger, st_asbinary(st_transform(b.geom, $1)) as geom
from cadre c
join cadastre.batiment b on b.geom && c.boite
order by b.cle
limit $6
