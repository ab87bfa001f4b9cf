with tuile as (
    select st_tileenvelope($1, $2, $3) as cadre,
        st_transform(st_segmentize(st_tileenvelope($1, $2, $3, margin => 0.016), 20037508.0 / (2 ^ $1)), core.storage_srid()) as boite
)
select st_asmvt(o, 'communes', 4096, 'trace')
from (
    select c.insee as id, c.insee, c.nom,
        st_asmvtgeom(st_transform(c.geom, 3857), t.cadre, 4096, 64, true) as trace
    from cadastre.commune c, tuile t
    where c.geom && t.boite
) o
where o.trace is not null
