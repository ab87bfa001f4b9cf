select st_asewkb(st_union(geom))
from cadastre.parcelle
where idu = any($1)
