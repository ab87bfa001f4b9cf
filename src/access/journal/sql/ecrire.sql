insert into journal.acte (utilisateur, collectivite, canal, action, objet, cle, finalite, details)
values ($1, $2, $3, $4, $5, $6, $7, $8)
