select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as defait,
    format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as refait
from pg_constraint c
where c.contype in ('f', 'p') and c.conrelid = ('cadastre.' || quote_ident($1))::regclass
union all
select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
from pg_index i
where i.indrelid = ('cadastre.' || quote_ident($1))::regclass and not i.indisprimary
