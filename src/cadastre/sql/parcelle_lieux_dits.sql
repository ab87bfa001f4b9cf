select distinct l.nom
from cadastre.parcelle p
join cadastre.lieu_dit l on st_intersects(l.geom, st_pointonsurface(p.geom))
where p.idu = $1
order by l.nom
