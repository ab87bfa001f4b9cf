select c.cle, c.cle, c.type, c.nom, st_asewkb(st_transform(c.geom, 3857)) from cadastre.batiment c
