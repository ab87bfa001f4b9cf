-- Events of changes are of use until every server has taken them: two days are left to the one that was stopped. One that comes back
-- from further away reads its layers again, and knows by the last transaction that is no longer told.

create index on core.changement using brin (le);

-- Transactions are numbered by a cluster: what a backup brings from another says nothing here.
create function core.changements_oublies() returns xid8
    language sql stable set search_path = pg_catalog
    as $$ select coalesce((select split_part(p.valeur, ' ', 2) from core.parametre p, pg_control_system() c
        where p.nom = 'changements_oublies' and split_part(p.valeur, ' ', 1) = c.system_identifier::text), '0')::xid8 $$;
comment on function core.changements_oublies is 'Dernière transaction dont les changements ne sont plus dits';

create function core.oublier_changements() returns bigint
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    derniere xid8;
    lignes bigint;
begin
    select max(transaction) into derniere from core.changement
        where le < clock_timestamp() - interval '2 days' and transaction < pg_snapshot_xmin(pg_current_snapshot());
    if derniere is null then
        return 0;
    end if;
    if derniere > core.changements_oublies() then
        insert into core.parametre (nom, valeur)
            select 'changements_oublies', system_identifier || ' ' || derniere from pg_control_system()
            on conflict (nom) do update set valeur = excluded.valeur;
    end if;
    delete from core.changement where transaction <= derniere;
    get diagnostics lignes = row_count;
    return lignes;
end $$;
comment on function core.oublier_changements is 'Retire les changements de plus de deux jours ; qui ne les a pas pris relit ses couches';
revoke all on function core.oublier_changements from public;
grant execute on function core.oublier_changements to finage_app;
