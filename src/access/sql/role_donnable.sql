select id from acces.role where (collectivite is null or collectivite = $1) and code = $2
