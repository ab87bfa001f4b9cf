insert into acces.lien (empreinte, utilisateur, expire_le) values ($1, $2, now() + make_interval(hours => $3))
