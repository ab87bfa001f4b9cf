insert into acces.jeton (id, empreinte, utilisateur, collectivite, libelle, portee, expire_le)
select $1, $2, $3, c.id, $5, $6, now() + make_interval(days => $7)
from acces.collectivite c
where c.id = $4
