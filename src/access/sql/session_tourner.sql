with ancienne as (
    delete from acces.session where id = $1 and utilisateur = $2
    returning utilisateur, collectivite, second_facteur, ouverte_le, expire_le, poste, fournisseur, id_token
)
insert into acces.session (empreinte, id, utilisateur, collectivite, second_facteur, ouverte_le, expire_le, poste, fournisseur, id_token)
select $3, $4, utilisateur, collectivite, second_facteur or $5, ouverte_le, expire_le, poste, fournisseur, id_token
from ancienne
