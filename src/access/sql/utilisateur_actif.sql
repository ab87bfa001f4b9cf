select id from acces.utilisateur where email = $1 and actif
