-- Tables with a column « collectivite » outside of « acces », and what they lack.
select n.nspname || '.' || k.relname from pg_class k
join pg_namespace n on n.oid = k.relnamespace
join pg_attribute a on a.attrelid = k.oid and a.attname = 'collectivite' and not a.attisdropped
where k.relkind in ('r', 'p') and n.nspname not in ('acces', 'journal', 'pg_catalog', 'information_schema')
    and k.oid <> 'core.sql_role'::regclass
    and not (k.relrowsecurity and k.relforcerowsecurity
        and (select count(*) from pg_policy p where p.polrelid = k.oid and p.polname in ('proprietaire', 'sauvegarde', 'lecture')) = 3)
union all
select relation || ' sans table' from core.objet where to_regclass(relation) is null
