select c.insee, c.insee, c.insee, c.nom, st_asewkb(c.geom) from cadastre.commune c
