insert into acces.mission (collectivite, mission, insee, du) select id, 'police', '99101', '2020-01-01' from acces.collectivite;
insert into acces.attribution (utilisateur, role, collectivite, finalites)
    select '00000000-0000-4000-8000-000000000001', r.id, c.id, '{restitution}'
    from acces.role r, acces.collectivite c where r.code = 'objets_trouves_agent';
