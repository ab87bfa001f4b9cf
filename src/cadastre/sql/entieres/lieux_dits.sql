select c.cle, c.cle, c.nom, st_asewkb(c.geom) from cadastre.lieu_dit c
