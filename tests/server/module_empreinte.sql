-- Everything that a module is in the database, but its rows: one line each, in order.
with t as (
    select k.oid, k.relname, k.relrowsecurity, k.relforcerowsecurity from pg_class k
    join pg_namespace n on n.oid = k.relnamespace where n.nspname = $1 and k.relkind = 'r'
), l (ligne) as (
    select format('table %s %s %s', relname, relrowsecurity, relforcerowsecurity) from t
    union all
    select format('colonne %s.%s %s %s %s %s', t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid), col_description(t.oid, a.attnum))
    from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    union all
    select format('ordre %s %s', t.relname, string_agg(a.attname, ',' order by a.attnum))
    from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    where a.attname not in ('id', 'collectivite', 'insee', 'version', 'creee_le', 'archivee_le') group by t.relname
    union all
    select format('contrainte %s %s', t.relname, pg_get_constraintdef(c.oid)) from t join pg_constraint c on c.conrelid = t.oid
    union all
    select format('index %s', pg_get_indexdef(i.indexrelid)) from t join pg_index i on i.indrelid = t.oid
    union all
    select format('declencheur %s', pg_get_triggerdef(g.oid)) from t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal
    union all
    select format('politique %s %s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual, with_check)
    from pg_policies where schemaname = $1
    union all
    select format('fonction %s %s', p.proname, md5(p.prosrc)) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = $1
    union all
    select format('droit %s %s %s', t.relname, x.grantee::regrole, x.privilege_type)
    from t join pg_class k on k.oid = t.oid cross join aclexplode(k.relacl) x
    union all
    select format('objet %s', (to_jsonb(o) - 'module')) from core.objet o where o.module = $1
    union all
    select format('couche %s', (to_jsonb(c) - array['version', 'maj_le', 'cree_le'])) from core.couche c where split_part(c.relation, '.', 1) = $1
    union all
    select format('code %s', (to_jsonb(c) - 'id')) from core.code c where split_part(c.nomenclature, '.', 1) = $1
    union all
    select format('calcul %s', to_jsonb(c)) from core.calcul c where split_part(c.objet, '.', 1) = $1
    union all
    select format('role %s %s', r.code, r.libelle) from acces.role r where r.module = $1
    union all
    select format('permet %s %s %s %s %s %s', r.code, d.objet, d.action, d.lignes, d.champs, d.niveau)
    from acces.droit d join acces.role r on r.id = d.role where r.module = $1
    union all
    select format('module %s', (to_jsonb(m) - array['installe_le', 'mis_a_niveau_le'])) from core.module m where m.id = $1
    union all
    select format('migration %s %s', m.version, m.empreinte) from core.module_migration m where m.module = $1
)
select coalesce(string_agg(ligne, e'\n' order by ligne collate "C"), '') from l
