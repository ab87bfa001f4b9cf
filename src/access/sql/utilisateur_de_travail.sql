select email, nom from acces.utilisateur where id = $1 and actif
