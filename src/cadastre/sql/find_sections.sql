with proche as (
    select st_transform(st_setsrid(st_makepoint($4, $5), 4326), core.storage_srid()) as ici
), trouvee as (
    select s.id, s.insee, s.geom
    from cadastre.section s, proche
    where s.code = $1
        and ($2::text[] is null or s.insee = any($2))
        and ($3::text is null or s.prefixe = $3)
    order by s.geom <-> ici, s.id
    limit $6
)
select t.id, t.insee, c.nom as commune, true as exact,
    st_x(g.point) as lon, st_y(g.point) as lat,
    st_xmin(g.box) as ouest, st_ymin(g.box) as sud, st_xmax(g.box) as est, st_ymax(g.box) as nord
from trouvee t
join core.commune c using (insee)
cross join lateral (
    select st_transform(st_pointonsurface(t.geom), 4326) as point, st_transform(t.geom, 4326) as box
) g
