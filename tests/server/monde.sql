insert into core.commune (insee, nom, genre, cc_srid) values
    ('99101', 'Valbrume', 'hors_cog', 3946), ('99102', 'Cyprin', 'hors_cog', 3946), ('99103', 'Ailleurs', 'hors_cog', 3946)
    on conflict do nothing;
insert into acces.collectivite (code, nom, genre) values
    ('99101', 'Valbrume', 'commune'), ('99102', 'Cyprin', 'commune'), ('ccvo', 'Communauté de communes', 'epci'),
    ('syndicat', 'Syndicat des eaux', 'syndicat');
insert into acces.territoire (collectivite, insee, du)
    select c.id, t.insee, '2020-01-01' from acces.collectivite c
    join (values ('99101', '99101'), ('99102', '99102'), ('ccvo', '99101'), ('ccvo', '99102')) t (code, insee) using (code);
insert into acces.mission (collectivite, mission, insee, du)
    select c.id, 'sig', m.insee, '2020-01-01' from acces.collectivite c
    join (values ('99101', '99101'), ('ccvo', '99101'), ('syndicat', '99102')) m (code, insee) using (code);
insert into core.annotation (collectivite, insee, titre, geom)
    select c.id, a.insee, a.titre, st_setsrid(st_makepoint(842000, 6519000), 2154) from acces.collectivite c
    join (values ('99101', '99101', 'Valbrume'), ('99102', '99102', 'Cyprin'), ('ccvo', '99101', 'EPCI sur 99101'),
        ('ccvo', '99102', 'EPCI sur 99102')) a (code, insee, titre) using (code);
insert into core.personne (collectivite, insee, finalite, nom)
    select id, code, 'urbanisme', 'Personne de ' || nom from acces.collectivite where genre = 'commune';
insert into core.piece_jointe (collectivite, insee, objet, cle, nom, type, octets, empreinte)
    select a.collectivite, a.insee, 'annotation', a.id::text, a.titre || '.txt', 'text/plain', 1, sha256('x') from core.annotation a;
insert into core.rattachement (collectivite, insee, objet, cle, couche, cle_entite, role, valide_du, geom_au_lien)
    select a.collectivite, a.insee, 'annotation', a.id, 'parcelles', '991021030A0001', 'assiette', '2024-01-01', st_buffer(a.geom, 10)
    from core.annotation a where a.titre = 'Cyprin';
insert into core.elimination (collectivite, insee, objet, finalite, sort, champs, cles)
    select id, code, 'personne', 'urbanisme', 'detruire', '{nom}', array[gen_random_uuid()] from acces.collectivite where code = '99102';
insert into core.gabarit (collectivite, objet, document, texte, origine)
    select id, 'annotation', 'lettre', 'texte', repeat('0', 64) from acces.collectivite where code = '99102';
insert into core.vue (collectivite, utilisateur, objet, nom, etat)
    select id, gen_random_uuid(), 'annotation', 'vue', '{}' from acces.collectivite where code = '99102';
insert into core.avenant (collectivite, insee, objet, cle, motif, rang)
    select id, code, 'annotation', gen_random_uuid(), 'motif', 1 from acces.collectivite where code = '99102';
