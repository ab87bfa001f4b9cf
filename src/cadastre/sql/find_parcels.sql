with proche as (
    select st_transform(st_setsrid(st_makepoint($7, $8), 4326), core.storage_srid()) as ici
), trouvee as (
    select p.idu, p.insee, p.geom, p.numero = $6 as exact
    from unnest($4::integer[], $5::integer[]) as tranche (debut, fin)
    join cadastre.parcelle p on p.section = $1 and p.numero between tranche.debut and tranche.fin
    cross join proche
    where ($2::text[] is null or p.insee = any($2))
        and ($3::text is null or p.prefixe = $3)
    order by (p.numero = $6) desc nulls last, p.geom <-> ici, p.numero, p.idu
    limit $9
)
select t.idu as id, t.insee, c.nom as commune, coalesce(t.exact, false) as exact,
    st_x(g.point) as lon, st_y(g.point) as lat,
    st_xmin(g.box) as ouest, st_ymin(g.box) as sud, st_xmax(g.box) as est, st_ymax(g.box) as nord
from trouvee t
join core.commune c using (insee)
cross join lateral (
    select st_transform(st_pointonsurface(t.geom), 4326) as point, st_transform(t.geom, 4326) as box
) g
