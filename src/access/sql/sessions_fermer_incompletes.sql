delete from acces.session where utilisateur = $1 and not second_facteur
