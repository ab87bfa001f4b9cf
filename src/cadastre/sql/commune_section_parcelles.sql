with toutes as (
    select idu
    from cadastre.parcelle
    where insee = $1 and prefixe = $2 and section = $3
), une_page as (
    select idu from toutes order by idu limit $4 offset $5
)
select p.idu, n.total
from (select count(*) as total from toutes) n
left join une_page p on true
order by p.idu
