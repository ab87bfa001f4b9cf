insert into core.vue (id, collectivite, utilisateur, objet, nom, partagee, etat) values ($1, $2, $3, $4, $5, $6, $7)
