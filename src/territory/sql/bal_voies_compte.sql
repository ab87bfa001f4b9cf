select count(*) from adresse.voie where insee = any($1)
