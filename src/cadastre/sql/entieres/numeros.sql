select c.cle, c.cle, c.texte, st_asewkb(c.geom) from cadastre.numero_voirie c
