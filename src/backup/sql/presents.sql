-- Something of this database that belongs to no extension.
select format('%I.%I', n.nspname, k.relname)
from pg_catalog.pg_class k
join pg_catalog.pg_namespace n on n.oid = k.relnamespace
where n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema'
    and k.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = k.oid and d.deptype in ('e', 'i', 'a')
    )
order by 1
limit 1
