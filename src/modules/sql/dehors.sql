-- What is outside of the schema of a module, one row an object: its name, a digest of what the catalogue says of it, and its
-- identifier where a module may take it as its own (tables that were there before Finage).
with dehors as (
    select n.oid, n.nspname, n.nspowner, n.nspacl,
        n.nspname not in ('core', 'acces', 'journal', 'cadastre', 'adresse', 'pg_catalog', 'information_schema')
            and not exists (select from core.module m where m.id = n.nspname) as prenable
    from pg_namespace n
    where n.nspname <> $1 and n.nspname !~ '^pg_(toast|temp|toast_temp)'
), relations as (
    select c.oid, format('%s.%s', n.nspname, c.relname) as nom, n.prenable and c.relname <> '_sqlx_migrations' as prenable,
        row(c.relkind, c.relowner, c.relacl, c.relfilenode, c.relrowsecurity, c.relforcerowsecurity, c.reloptions)::text as dit
    from pg_class c
    join dehors n on n.oid = c.relnamespace
    where c.oid >= 16384
), parties as (
    select a.attrelid as oid, row(a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attisdropped, a.attidentity,
        a.attgenerated, a.attacl, (select md5(d.adbin::text) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum))::text as dit
    from pg_attribute a
    join relations r on r.oid = a.attrelid
    where a.attnum > 0
    union all
    select c.conrelid, row(c.oid, c.conname, c.contype, c.convalidated, c.confrelid, c.conkey, c.confkey, c.confupdtype, c.confdeltype,
        md5(c.conbin::text))::text
    from pg_constraint c
    join relations r on r.oid = c.conrelid
    union all
    -- Those of foreign keys are internal: a module may name what is another's.
    select t.tgrelid, row(t.oid, t.tgname, t.tgenabled, t.tgfoid, t.tgtype, t.tgattr::text, t.tgargs, md5(t.tgqual::text))::text
    from pg_trigger t
    join relations r on r.oid = t.tgrelid
    where not t.tgisinternal
    union all
    select p.polrelid, row(p.oid, p.polname, p.polcmd, p.polpermissive, p.polroles, md5(p.polqual::text), md5(p.polwithcheck::text))::text
    from pg_policy p
    join relations r on r.oid = p.polrelid
    union all
    select w.ev_class, row(w.oid, w.rulename, w.ev_enabled, w.is_instead, md5(w.ev_action::text))::text
    from pg_rewrite w
    join relations r on r.oid = w.ev_class
)
select r.nom, md5(r.dit || coalesce(string_agg(p.dit, ' ' order by p.dit), '')) as dit, case when r.prenable then r.oid::bigint end as prenable
from relations r
left join parties p using (oid)
group by r.oid, r.nom, r.dit, r.prenable
union all
select format('%s.%s(%s)', n.nspname, f.proname, pg_get_function_identity_arguments(f.oid)),
    md5(row(f.proowner, f.prokind, f.prosecdef, f.provolatile, f.proleakproof, f.proconfig, f.proacl, f.prorettype, f.prosrc, f.prosqlbody::text)::text),
    case when n.prenable then f.oid::bigint end
from pg_proc f
join dehors n on n.oid = f.pronamespace
where f.oid >= 16384
union all
select format('%s.%s', n.nspname, t.typname),
    md5(row('type', t.typowner, t.typtype, t.typacl, t.typnotnull, t.typdefault,
        (select array_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
        (select array_agg(md5(c.conbin::text) order by c.oid) from pg_constraint c where c.contypid = t.oid))::text),
    case when n.prenable then t.oid::bigint end
from pg_type t
join dehors n on n.oid = t.typnamespace
-- Rows of a table have their type, and each type its arrays: they come and go with them.
where t.oid >= 16384 and t.typtype <> 'c' and t.typcategory <> 'A'
union all
select n.nspname::text, md5(row(n.nspowner, n.nspacl)::text), null
from dehors n
union all
select 'les réglages de la base', md5(string_agg(s::text, ' ' order by s::text)), null
from pg_db_role_setting s
where s.setdatabase = (select oid from pg_database where datname = current_database())
    or s.setdatabase = 0 and s.setrole in (select oid from pg_roles where starts_with(rolname, 'finage_'))
union all
select 'les droits par défaut', md5(string_agg(d::text, ' ' order by d::text)), null
from pg_default_acl d
where d.defaclnamespace not in (select oid from pg_namespace where nspname = $1)
union all
-- Rows written there; those of the core are also written by the triggers of the module's own tables.
select format('le contenu de %s.%s', s.schemaname, s.relname), (s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::text, null
from pg_stat_xact_all_tables s
join dehors n on n.nspname = s.schemaname and (not n.prenable or s.relname = '_sqlx_migrations')
where s.relid >= 16384 and s.schemaname <> 'core' and s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
    and not exists (select from core.module m where m.id = s.schemaname)
