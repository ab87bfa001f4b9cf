with faite as (
    insert into core.sql_role (login, utilisateur, collectivite, couches) values ($1, $2, $3, $4)
    returning login, collectivite, couches
)
insert into journal.acte (collectivite, canal, action, objet, cle, details)
    select collectivite, 'commande', 'creation', 'connexion_sql', login, jsonb_build_object('couches', couches) from faite
