-- The world of the matrix: whose rows, under which marks. A mark is found in bytes that leave only if its row leaked.
insert into core.commune (insee, nom, genre, cc_srid) values
    ('99101', 'Valbrume', 'hors_cog', 3946), ('99102', 'Cyprin', 'hors_cog', 3946), ('99103', 'Ailleurs', 'hors_cog', 3946)
    on conflict do nothing;
insert into acces.collectivite (code, nom, genre) values
    ('valbrume', 'Commune de Valbrume', 'commune'),
    ('cyprin', 'Commune de Cyprin', 'commune'),
    ('ccvo', 'Communauté de communes', 'epci'),
    ('ancien', 'Ancien groupement', 'epci'),
    ('sansmission', 'Groupement sans mission', 'epci'),
    ('syndicat', 'Syndicat sans territoire', 'syndicat');
insert into acces.territoire (collectivite, insee, du, au)
    select c.id, t.insee, '2020-01-01', t.au from acces.collectivite c
    join (values ('valbrume', '99101', null), ('cyprin', '99102', null), ('ccvo', '99101', null), ('ccvo', '99102', null),
        ('ancien', '99101', current_date - 1), ('ancien', '99103', null), ('sansmission', '99101', null)) t (code, insee, au) using (code);
insert into acces.mission (collectivite, mission, insee, du)
    select c.id, 'sig', m.insee, '2020-01-01' from acces.collectivite c
    join (values ('valbrume', '99101'), ('ccvo', '99101'), ('ancien', '99101'), ('syndicat', '99101')) m (code, insee) using (code);
insert into core.annotation (id, collectivite, insee, titre, texte, geom)
    select a.id::uuid, c.id, a.insee, a.marque || ' titre', a.marque || ' texte', st_setsrid(st_makepoint(842000, 6519000), 2154)
    from acces.collectivite c
    join (values
        ('00000000-0000-4000-8000-0000000000a1', 'valbrume', '99101', 'zqavalbrumezq'),
        ('00000000-0000-4000-8000-0000000000a2', 'cyprin', '99102', 'zqacyprinzq'),
        ('00000000-0000-4000-8000-0000000000a3', 'ccvo', '99101', 'zqaccvounzq'),
        ('00000000-0000-4000-8000-0000000000a4', 'ccvo', '99102', 'zqaccvodeuxzq'),
        ('00000000-0000-4000-8000-0000000000a5', 'ancien', '99103', 'zqaancienzq')) a (id, code, insee, marque) using (code);
insert into core.personne (id, collectivite, insee, finalite, nom, prenoms, adresse, courriel, naissance)
    select p.id::uuid, c.id, p.insee, 'urbanisme', p.marque || ' nom', p.marque || ' prenoms', p.marque || ' adresse',
        p.marque || '@exemple.invalid', '1950-01-01'
    from acces.collectivite c
    join (values
        ('00000000-0000-4000-8000-0000000000b1', 'valbrume', '99101', 'zqpvalbrumezq'),
        ('00000000-0000-4000-8000-0000000000b2', 'cyprin', '99102', 'zqpcyprinzq'),
        ('00000000-0000-4000-8000-0000000000b3', 'ccvo', '99101', 'zqpccvozq')) p (id, code, insee, marque) using (code);
-- One account a collectivité, that holds every role there.
insert into acces.utilisateur (id, email, nom)
    select gen_random_uuid(), code || '@exemple.invalid', 'zqu' || code || 'zq' from acces.collectivite;
insert into acces.attribution (utilisateur, role, collectivite, finalites)
    select u.id, r.id, c.id, '{urbanisme,droits_des_personnes}' from acces.collectivite c
    join acces.utilisateur u on u.email = c.code || '@exemple.invalid' cross join acces.role r where r.collectivite is null;
-- At Valbrume, one account a role besides.
insert into acces.utilisateur (id, email, nom)
    select gen_random_uuid(), code || '@valbrume.invalid', 'Seulement ' || code from acces.role where collectivite is null;
insert into acces.attribution (utilisateur, role, collectivite)
    select u.id, r.id, c.id from acces.role r join acces.utilisateur u on u.email = r.code || '@valbrume.invalid'
    join acces.collectivite c on c.code = 'valbrume' where r.collectivite is null;
-- An account without a role, and one that administers the installation.
insert into acces.utilisateur (id, email, nom) values (gen_random_uuid(), 'sansrole@exemple.invalid', 'Sans rôle');
insert into acces.utilisateur (id, email, nom, administrateur, totp_confirme_le) values
    (gen_random_uuid(), 'administration@exemple.invalid', 'Administration', true, now());
-- What people did, what they asked for, and what they hold besides.
insert into journal.acte (utilisateur, collectivite, canal, action, objet, cle)
    select u.id, c.id, 'api', 'essayer', 'essai', 'zqj' || c.code || 'zq' from acces.collectivite c
    join acces.utilisateur u on u.email = c.code || '@exemple.invalid' where c.code in ('valbrume', 'cyprin');
insert into journal.acces (utilisateur, collectivite, canal, action, objet, cle, finalite)
    select u.id, c.id, 'api', 'lire', 'essai', 'zqj' || c.code || 'zq', 'urbanisme' from acces.collectivite c
    join acces.utilisateur u on u.email = c.code || '@exemple.invalid' where c.code in ('valbrume', 'cyprin');
insert into core.travail (id, genre, libelle, demandeur, parametres, depose_par)
    select gen_random_uuid(), 'extraits', 'zqt' || c.code || 'zq', 'local', '{}', u.id from acces.collectivite c
    join acces.utilisateur u on u.email = c.code || '@exemple.invalid' where c.code in ('valbrume', 'cyprin');
insert into acces.jeton (id, empreinte, utilisateur, collectivite, libelle, portee, expire_le)
    select gen_random_uuid(), sha256('jeton'), u.id, c.id, 'zqsvalbrumezq', '{read}', now() + interval '1 day' from acces.collectivite c
    join acces.utilisateur u on u.email = c.code || '@exemple.invalid' where c.code = 'valbrume';
