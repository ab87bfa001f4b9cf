select
    a.attname::text as nom,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as type_sql,
    t.typname::text as base,
    a.attnotnull as obligatoire,
    coalesce(pg_catalog.col_description(a.attrelid, a.attnum), '') as sens,
    case when t.typname = 'geometry' then public.postgis_typmod_srid(a.atttypmod) end as srid
from pg_catalog.pg_attribute a
join pg_catalog.pg_type t on t.oid = a.atttypid
where a.attrelid = $1::text::regclass
    and a.attnum > 0
    and not a.attisdropped
order by a.attnum
