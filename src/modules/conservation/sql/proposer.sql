insert into core.elimination (collectivite, objet, finalite, sort, champs, cles)
values ($1, $2, $3, $4, $5, $6)
returning id
