select c.idu, c.idu, c.prefixe, c.section, c.numero::text, c.contenance::bigint, c.arpentee, st_asewkb(st_transform(c.geom, 3857))
from cadastre.parcelle c
