with fermee as (
    update core.sql_role set revoque_le = now() where login = $1 and revoque_le is null
    returning login, collectivite
)
insert into journal.acte (collectivite, canal, action, objet, cle)
    select collectivite, 'commande', 'retrait', 'connexion_sql', login from fermee
