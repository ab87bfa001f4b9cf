with neuve as (
    select p.idu, p.geom
    from stage_diff d
    join cadastre.parcelle p on p.idu = d.cle
    where d.couche = 'parcelle'
        and (d.sort = 'ajoute' or (d.sort = 'modifie' and 'geom' = any(d.quoi)))
)
select n.idu, p.idu as autre, st_area(st_intersection(n.geom, p.geom)) as surface
from neuve n
join cadastre.parcelle p on p.geom && n.geom and p.idu <> n.idu
where (n.idu < p.idu or not exists (select from neuve m where m.idu = p.idu))
    and st_relate(n.geom, p.geom, 'T********')
    and st_area(st_intersection(n.geom, p.geom)) > $1
order by surface desc
limit 1000
