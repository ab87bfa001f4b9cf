insert into core.travail (id, genre, libelle, demandeur, parametres, total)
values ($1, $2, $3, $4, $5, $6)
