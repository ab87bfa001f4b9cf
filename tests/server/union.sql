-- Rows of an EPCI on two communes and on none, and persons, some of their fields null.
insert into core.annotation (collectivite, insee, titre, texte, categorie, geom)
    select c.id, (array['99101', '99102', null])[1 + n % 3], chr(64 + n) || ' titre', 'texte ' || n,
        (array['note', 'projet', 'travaux'])[1 + n / 3 % 3], st_setsrid(st_makepoint(842000 + n, 6519000), 2154)
    from generate_series(1, 24) n, acces.collectivite c where c.code = 'ccvo';
insert into core.personne (collectivite, insee, finalite, nom, prenoms, naissance, opposition_publication)
    select c.id, (array['99101', '99102', null])[1 + n % 3], (array['urbanisme', 'cimetiere'])[1 + n % 2], 'Nom ' || n,
        (array['Zoé', null, 'Ali', ''])[1 + n % 4], case when n % 5 > 0 then date '1980-01-01' + n end, n % 2 = 0
    from generate_series(1, 24) n, acces.collectivite c where c.code = 'ccvo';
