-- Roads and water of a frame, cut to it.
with cadre as (
    select st_transform(st_segmentize(st_makeenvelope($2, $3, $4, $5, $1), 500), core.storage_srid()) as boite
)
select t.genre, st_asbinary(st_transform(st_clipbybox2d(t.geom, box2d(st_expand(c.boite, 50))), $1)) as geom
from cadre c
join cadastre.troncon t on t.geom && c.boite
order by t.cle
limit $6
