-- As a statement that changed too many rows to name them: all of them are read again.
with dit as (
    insert into core.changement (objet, operation) select o, 'recharger' from unnest($1::text[]) o returning objet
)
select pg_notify('finage_changement', objet) from dit
