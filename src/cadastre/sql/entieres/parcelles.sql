select c.idu, c.idu, c.prefixe, c.section, c.numero::text, c.contenance::bigint, c.arpentee, st_asewkb(c.geom)
from cadastre.parcelle c
