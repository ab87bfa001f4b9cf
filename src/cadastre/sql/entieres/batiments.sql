select c.cle, c.cle, c.type, c.nom, st_asewkb(c.geom) from cadastre.batiment c
