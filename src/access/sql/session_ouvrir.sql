insert into acces.session (empreinte, id, utilisateur, collectivite, second_facteur, expire_le, poste, fournisseur, id_token)
values ($1, $2, $3, null, false, now() + interval '12 hours', $4, $5, $6)
