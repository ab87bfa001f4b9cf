insert into acces.droit (role, objet, action, lignes, champs, niveau) values ($1, $2, $3, $4, $5, $6)
