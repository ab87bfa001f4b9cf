-- The point that stands for the parcel, in degrees, in the database's system and in the commune's zone.
select s.srid, st_x(g.point) as x, st_y(g.point) as y
from cadastre.parcelle p
join core.commune c using (insee)
cross join lateral (
    select distinct srid
    from unnest(array[4326, core.storage_srid(), coalesce(c.cc_srid, core.storage_srid())]) as srid
) s
cross join lateral (select st_transform(st_pointonsurface(p.geom), s.srid) as point) g
where p.idu = $1
order by s.srid <> 4326, s.srid
