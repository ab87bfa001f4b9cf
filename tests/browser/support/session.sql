insert into acces.collectivite (code, nom, genre) values ('99101', 'Valbrume', 'commune') on conflict do nothing;
insert into acces.territoire (collectivite, insee, du)
    select id, '99101', '2020-01-01' from acces.collectivite where code = '99101' on conflict do nothing;
insert into acces.mission (collectivite, mission, insee, du)
    select id, 'sig', '99101', '2020-01-01' from acces.collectivite where code = '99101' on conflict do nothing;
with compte as (
    insert into acces.utilisateur (id, email, nom)
    values (gen_random_uuid(), :'role' || '-' || left(:'empreinte', 8) || '@exemple.invalid', 'Compte d''essai') returning id
), tenu as (
    insert into acces.attribution (utilisateur, role, collectivite, finalites)
    select compte.id, r.id, c.id, :'finalites'::text[] from compte, acces.role r, acces.collectivite c
    where r.code = :'role' and c.code = '99101'
)
insert into acces.session (empreinte, id, utilisateur, collectivite, second_facteur, expire_le)
select decode(:'empreinte', 'hex'), gen_random_uuid(), compte.id, c.id, false, now() + interval '1 hour'
from compte, acces.collectivite c where c.code = '99101';
