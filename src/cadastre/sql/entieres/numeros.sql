select c.cle, c.cle, c.texte, st_asewkb(st_transform(c.geom, 3857)) from cadastre.numero_voirie c
