select c.insee, c.insee, c.insee, c.nom, st_asewkb(st_transform(c.geom, 3857)) from cadastre.commune c
