select c.cle, c.cle, c.nom, st_asewkb(st_transform(c.geom, 3857)) from cadastre.lieu_dit c
