insert into acces.collectivite (code, nom, genre, siren) values ($1, $2, $3, $4)
on conflict do nothing
returning id
