insert into core.gabarit (collectivite, objet, document, texte, origine)
values ($1, $2, $3, $4, $5)
