-- Parcels of a frame, with the place the plan gives to their number.
with cadre as (
    select st_transform(st_segmentize(st_makeenvelope($2, $3, $4, $5, $1), 500), core.storage_srid()) as boite
)
select p.idu, p.numero, st_asbinary(st_transform(p.geom, $1)) as geom,
    e.angle, e.hauteur, st_x(e.point) as x, st_y(e.point) as y
from cadre c
join cadastre.parcelle p on p.geom && c.boite
left join lateral (
    select e.angle, e.hauteur, st_transform(e.geom, $1) as point
    from cadastre.ecriture e
    where e.objet = p.idu and e.genre = 'PARCELLE'
    order by e.cle
    limit 1
) e on true
order by p.idu
limit $6
