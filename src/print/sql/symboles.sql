-- Symbols of a frame: points of detail and marks of boundaries, and surfaces that carry a sign.
with cadre as (
    select st_transform(st_segmentize(st_makeenvelope($2, $3, $4, $5, $1), 500), core.storage_srid()) as boite
)
select d.symbole, d.angle, st_x(d.point) as x, st_y(d.point) as y
from cadre c
cross join lateral (
    select t.symbole, 360 - coalesce(t.orientation, 0) as angle,
        st_transform(st_pointonsurface(t.geom), $1) as point
    from cadastre.detail t
    where t.geom && c.boite and t.symbole is not null and t.genre in ('point', 'surface')
) d
order by d.symbole, x, y
limit $6
