insert into acces.jeton (id, empreinte, utilisateur, collectivite, libelle, portee, expire_le)
select gen_random_uuid(), $1, u.id, c.id, 'essai', '{read,write}', now() + interval '1 day'
from acces.utilisateur u, acces.collectivite c
where u.email = 'agent@exemple.invalid' and c.code = '99101'
