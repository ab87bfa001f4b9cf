insert into core.travail (id, genre, libelle, demandeur, parametres, total, depose_par)
values ($1, $2, $3, $4, $5, $6, $7)
