insert into core.commune (insee, nom, genre, cc_srid) values ('99101', 'Valbrume', 'hors_cog', 3946) on conflict do nothing;
insert into cadastre.commune (insee, nom, geom) values
    ('99101', 'Valbrume', st_multi(st_transform(st_makeenvelope(4.7, 45.7, 4.9, 45.8, 4326), 2154)));
insert into acces.collectivite (code, nom, genre) values ('99101', 'Valbrume', 'commune');
insert into acces.territoire (collectivite, insee, du) select id, '99101', '2020-01-01' from acces.collectivite;
insert into acces.mission (collectivite, mission, insee, du) select id, 'sig', '99101', '2020-01-01' from acces.collectivite;
insert into acces.utilisateur (id, email, nom) values ('00000000-0000-4000-8000-000000000001', 'agent@exemple.invalid', 'Agent d''essai');
insert into acces.attribution (utilisateur, role, collectivite)
    select '00000000-0000-4000-8000-000000000001', r.id, c.id from acces.role r, acces.collectivite c where r.code = 'agent';
