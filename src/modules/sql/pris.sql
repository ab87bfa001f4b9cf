-- Of these identifiers, those of what is now in the schema of a module.
select o.oid::bigint
from unnest($2::bigint[]) voulu
join (
    select oid, relnamespace as schema from pg_class
    union all
    select oid, pronamespace from pg_proc
    union all
    select oid, typnamespace from pg_type
) o on o.oid::bigint = voulu
join pg_namespace n on n.oid = o.schema and n.nspname = $1
