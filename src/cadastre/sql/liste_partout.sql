select d.rang, p.idu
from unnest($1::bigint[], $2::text[], $3::text[], $4::integer[]) as d (rang, section, prefixe, numero)
cross join lateral (
    select p.idu
    from cadastre.parcelle p
    where p.section = d.section and p.numero = d.numero and (d.prefixe is null or p.prefixe = d.prefixe)
    limit $5
) p
order by d.rang, p.idu
