-- Tables of Finage: those of its owner, wherever they are.
select
    n.nspname || '.' || k.relname as nom,
    format('%I.%I', n.nspname, k.relname) as citee
from pg_catalog.pg_class k
join pg_catalog.pg_namespace n on n.oid = k.relnamespace
where k.relkind in ('r', 'p')
    and k.relpersistence = 'p'
    and not k.relispartition
    and k.relowner = 'finage_owner'::regrole
order by 1
