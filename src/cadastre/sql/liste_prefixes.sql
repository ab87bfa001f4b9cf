-- Walks the primary key from one prefix to the next: a few look-ups a commune, however many its parcels.
with recursive prefixe as (
    select c.insee, (
        select min(p.idu)
        from cadastre.parcelle p
        where p.idu between c.insee || '000000000' and c.insee || '999ZZ9999'
    ) as idu
    from unnest($1::text[]) as c (insee)
    union all
    select x.insee, (
        select min(p.idu)
        from cadastre.parcelle p
        where p.idu > left(x.idu, 8) || 'ZZ9999' and p.idu <= x.insee || '999ZZ9999'
    )
    from prefixe x
    where x.idu is not null
)
select insee, substr(idu, 6, 3) as prefixe
from prefixe
where idu is not null
