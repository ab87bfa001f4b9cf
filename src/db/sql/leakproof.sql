select f
from unnest(array[
    'geometry_overlaps(geometry, geometry)', 'st_intersects(geometry, geometry)', 'textlike(text, text)',
    'texticlike(text, text)', 'lower(text)', 'length(text)', 'octet_length(text)', 'replace(text, text, text)', 'translate(text, text, text)'
]) f
join pg_proc p on p.oid = to_regprocedure(f)
where not p.proleakproof
order by f
