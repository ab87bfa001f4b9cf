select c.id, c.id, c.section, c.numero, c.echelle::bigint, c.qualite, st_asewkb(c.geom) from cadastre.feuille c
