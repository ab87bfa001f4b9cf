insert into cadastre.commune (insee, nom, geom)
    select insee, nom, st_multi(st_makeenvelope(x, 6518000, x + 4000, 6522000, 2154))
    from (values ('99101', 'Valbrume', 840000), ('99102', 'Cyprin', 850000)) c (insee, nom, x);
