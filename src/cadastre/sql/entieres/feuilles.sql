select c.id, c.id, c.section, c.numero, c.echelle::bigint, c.qualite, st_asewkb(st_transform(c.geom, 3857)) from cadastre.feuille c
