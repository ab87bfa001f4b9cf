select mot_de_passe from acces.utilisateur where id = $1 and actif
