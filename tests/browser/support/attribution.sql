insert into acces.attribution (utilisateur, role, collectivite, finalites)
select u.id, r.id, c.id, :'finalites'::text[]
from acces.utilisateur u, acces.role r, acces.collectivite c
where u.email = :'email' and r.code = :'role' and c.code = '99101';
