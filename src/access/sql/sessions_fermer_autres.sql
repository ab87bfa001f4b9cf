delete from acces.session where utilisateur = $1 and id <> $2
