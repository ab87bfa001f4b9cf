with toutes as (
    select distinct p.idu
    from cadastre.lieu_dit l
    join cadastre.parcelle p on p.geom && l.geom and st_intersects(l.geom, st_pointonsurface(p.geom))
    where l.insee = $1 and l.nom = $2
), une_page as (
    select idu from toutes order by idu limit $3 offset $4
)
select p.idu, n.total
from (select count(*) as total from toutes) n
left join une_page p on true
order by p.idu
