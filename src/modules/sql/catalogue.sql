-- Tables of these schemas, as a document: columns, keys, geometries.
select coalesce(jsonb_object_agg(t.nom, t.dit), '{}')
from (
    select n.nspname || '.' || k.relname as nom,
        jsonb_build_object(
            'comment', obj_description(k.oid, 'pg_class'),
            'rows', greatest(k.reltuples::bigint, 0),
            'columns', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'name', a.attname,
                    'base', y.typname,
                    'sql', format_type(a.atttypid, a.atttypmod),
                    'not_null', a.attnotnull,
                    'default', a.atthasdef or a.attidentity <> '',
                    'default_sql', (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
                        where d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated = ''),
                    'generated', a.attgenerated <> '' or a.attidentity = 'a',
                    'comment', col_description(k.oid, a.attnum),
                    'length', case when y.typname in ('varchar', 'bpchar') and a.atttypmod > 4 then a.atttypmod - 4 end,
                    'precision', case when y.typname = 'numeric' and a.atttypmod > 4 then (a.atttypmod - 4) >> 16 & 65535 end,
                    'scale', case when y.typname = 'numeric' and a.atttypmod > 4 then (a.atttypmod - 4) & 65535 end,
                    'geometry', case when y.typname = 'geometry' then jsonb_build_array(
                        coalesce(nullif(public.postgis_typmod_type(a.atttypmod), ''), 'Geometry'),
                        public.postgis_typmod_srid(a.atttypmod)) end
                ) order by a.attnum), '[]')
                from pg_attribute a
                join pg_type y on y.oid = a.atttypid
                where a.attrelid = k.oid and a.attnum > 0 and not a.attisdropped),
            'primary_key', (
                select coalesce(jsonb_agg(a.attname order by array_position(i.indkey::int2[], a.attnum)), '[]')
                from pg_index i
                join pg_attribute a on a.attrelid = k.oid and a.attnum = any (i.indkey)
                where i.indrelid = k.oid and i.indisprimary),
            'unique', (
                select coalesce(jsonb_agg(u.colonnes), '[]')
                from (
                    select (select jsonb_agg(a.attname order by array_position(i.indkey::int2[], a.attnum))
                        from pg_attribute a where a.attrelid = k.oid and a.attnum = any (i.indkey)) as colonnes
                    from pg_index i
                    where i.indrelid = k.oid and i.indisunique and not i.indisprimary and i.indexprs is null
                ) u where u.colonnes is not null),
            'unique_indexes', (
                select coalesce(jsonb_object_agg(u.nom, u.colonnes), '{}')
                from (
                    -- Behind an expression, its columns are what the index depends on.
                    select x.relname as nom, (select jsonb_agg(a.attname order by array_position(i.indkey::int2[], a.attnum), a.attnum)
                        from pg_attribute a
                        where a.attrelid = k.oid and (a.attnum = any (i.indkey) or i.indexprs is not null and exists (
                            select from pg_depend d
                            where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
                                and d.refclassid = 'pg_class'::regclass and d.refobjid = k.oid and d.refobjsubid = a.attnum))) as colonnes
                    from pg_index i
                    join pg_class x on x.oid = i.indexrelid
                    where i.indrelid = k.oid and i.indisunique
                ) u where u.colonnes is not null),
            'foreign_keys', (
                select coalesce(jsonb_agg(jsonb_build_object(
                    'column', a.attname,
                    'table', tn.nspname || '.' || tk.relname,
                    'target', ta.attname)), '[]')
                from pg_constraint c
                join pg_attribute a on a.attrelid = k.oid and a.attnum = c.conkey[1]
                join pg_class tk on tk.oid = c.confrelid
                join pg_namespace tn on tn.oid = tk.relnamespace
                join pg_attribute ta on ta.attrelid = tk.oid and ta.attnum = c.confkey[1]
                where c.conrelid = k.oid and c.contype = 'f' and cardinality(c.conkey) = 1)
        ) as dit
    from pg_class k
    join pg_namespace n on n.oid = k.relnamespace
    where n.nspname = any ($1) and k.relkind in ('r', 'p') and not k.relispartition
) t
