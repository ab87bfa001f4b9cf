update acces.session set collectivite = $3 where id = $1 and utilisateur = $2
