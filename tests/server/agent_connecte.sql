with compte as (
    insert into acces.utilisateur (id, email, nom) values ($1, $2, 'Compte d''essai') returning id
), tenu as (
    insert into acces.attribution (utilisateur, role, collectivite, communes, finalites)
    select compte.id, r.id, c.id, $5, $6 from compte, acces.role r, acces.collectivite c where r.code = $4 and c.code = $3
)
insert into acces.session (empreinte, id, utilisateur, collectivite, second_facteur, expire_le)
select $7, gen_random_uuid(), compte.id, c.id, false, now() + interval '1 hour' from compte, acces.collectivite c where c.code = $3
