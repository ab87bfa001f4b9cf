update acces.utilisateur set actif = $2 where id = $1
