-- A view shows an account where it was opened, and nowhere else.
update acces.session set collectivite = $3 where id = $1 and utilisateur = $2 and vue_comme is null
