-- What is in this database and not Finage's: schemas of others, and their tables in the common schema.
select format('%I.*', n.nspname) as nom
from pg_catalog.pg_namespace n
where n.nspowner <> 'finage_owner'::regrole
    and n.nspname <> 'public'
    and n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema'
union all
select format('public.%I', k.relname)
from pg_catalog.pg_class k
where k.relnamespace = 'public'::regnamespace
    and k.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and k.relowner <> 'finage_owner'::regrole
    and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = k.oid and d.deptype = 'e'
    )
order by 1
