select
    n.nspname || '.' || k.relname as nom,
    pg_catalog.pg_table_size(k.oid) as octets
from pg_catalog.pg_class k
join pg_catalog.pg_namespace n on n.oid = k.relnamespace
where k.relkind = 'r'
    and k.relpersistence = 'p'
    and k.relowner = 'finage_owner'::regrole
