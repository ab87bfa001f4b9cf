delete from acces.session where id = $1 and utilisateur = $2
returning fournisseur, id_token
