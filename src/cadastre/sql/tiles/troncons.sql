-- Water of the plan is TRONFLUV, and ponds and streams drawn as details (SYM 34 étang, 65 piscine).
with tuile as (
    select st_tileenvelope($1, $2, $3) as cadre,
        st_transform(st_segmentize(st_tileenvelope($1, $2, $3, margin => 0.016), 20037508.0 / (2 ^ $1)), core.storage_srid()) as boite
), source as (
    select cle as id, genre, nom, c.geom from cadastre.troncon c, tuile t where c.geom && t.boite
    union all
    select cle, 'eau', texte, c.geom from cadastre.detail c, tuile t
    where c.geom && t.boite and c.genre = 'surface' and c.symbole in ('34', '65')
)
select st_asmvt(o, 'troncons', 4096, 'trace')
from (
    select s.id, s.genre, s.nom, st_asmvtgeom(st_transform(s.geom, 3857), t.cadre, 4096, 64, true) as trace
    from source s, tuile t
) o
where o.trace is not null
