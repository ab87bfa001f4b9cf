select a.attname::text as nom, a.attnotnull as jamais_nulle, pg_get_expr(d.adbin, d.adrelid) as defaut
from pg_attribute a
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
