-- The limits of communes, in metres of the projection of tiles.
select insee, st_asewkb(st_transform(geom, 3857)) from cadastre.commune where insee = any ($1) and not st_isempty(geom)
