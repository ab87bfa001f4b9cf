insert into acces.utilisateur (id, email, nom, administrateur) values ($1, $2, $3, $4)
on conflict (email) do nothing
