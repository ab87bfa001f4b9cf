delete from acces.session where utilisateur = $1
