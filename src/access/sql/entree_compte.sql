select id, mot_de_passe, actif from acces.utilisateur where email = $1
