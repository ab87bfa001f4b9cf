-- A table whose policies would hide rows from backups.
select n.nspname || '.' || k.relname
from pg_catalog.pg_class k
join pg_catalog.pg_namespace n on n.oid = k.relnamespace
where k.relrowsecurity
    and k.relowner = 'finage_owner'::regrole
    and (
        not exists (
            select from pg_catalog.pg_policy p
            where p.polrelid = k.oid
                and p.polpermissive
                and p.polcmd in ('r', '*')
                and p.polroles && array[0::oid, 'finage_backup'::regrole::oid]
                and pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true'
        )
        or exists (
            select from pg_catalog.pg_policy p
            where p.polrelid = k.oid
                and not p.polpermissive
                and p.polcmd in ('r', '*')
                and p.polroles && array[0::oid, 'finage_backup'::regrole::oid]
        )
    )
order by 1
limit 1
