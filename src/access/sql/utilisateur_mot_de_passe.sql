update acces.utilisateur set mot_de_passe = $2, mot_de_passe_le = now() where id = $1
