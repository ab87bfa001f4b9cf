insert into acces.utilisateur (id, email, nom) values ('00000000-0000-4000-8000-000000000001', 'agent@exemple.invalid', 'Agent d''essai');
insert into acces.attribution (utilisateur, role, collectivite)
    select '00000000-0000-4000-8000-000000000001', r.id, c.id from acces.role r, acces.collectivite c
    where r.code = 'agent' and c.code = '99101';
