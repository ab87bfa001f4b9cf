-- $1 shape (EWKB, any system), $2 conformal zone, $3 buffer in metres, $4 longest edge in the shape's unit,
-- $5 wholly inside, $6 rows at most. Distances are taken in the conformal zone; the index is asked in the storage system.
with source as materialized (
    select st_segmentize(st_geomfromewkb($1), $4) as geom
), forme as materialized (
    select st_transform(geom, core.storage_srid()) as geom, st_transform(geom, $2) as cc
    from source
), bords as materialized (
    -- Surfaces without a buffer give way by 2 cm, so that rounded coordinates don't select what only shares an edge.
    select f.geom, f.cc,
        case
            when $3 > 0 then st_transform(st_buffer(f.cc, $3 * 1.02, 'quad_segs=16'), core.storage_srid())
            when st_dimension(f.geom) = 2 then st_buffer(f.geom, -0.02)
            else f.geom
        end as essai,
        case
            when $3 > 0 then st_transform(st_buffer(f.cc, $3 * 0.97, 'quad_segs=16'), core.storage_srid())
        end as sans_doute,
        case
            when not $5 then null
            when $3 > 0 then st_transform(st_buffer(f.cc, $3, 'quad_segs=64'), core.storage_srid())
            else st_buffer(f.geom, 0.02)
        end as contenant
    from forme f
), zone as materialized (
    -- A surface narrower than that keeps its own shape.
    select geom, cc, sans_doute, contenant,
        case when st_isempty(essai) then geom else essai end as essai,
        $3 = 0 and (st_dimension(geom) < 2 or st_isempty(essai)) as interieurs
    from bords
), pas as materialized (
    select greatest((st_xmax(essai) - st_xmin(essai)) / 12, (st_ymax(essai) - st_ymin(essai)) / 12, 500) as pas
    from zone
), maille as (
    -- Long thin shapes have wide boxes: the index is asked cell by cell.
    select g.i, g.j, st_clipbybox2d(z.essai, st_expand(g.geom, 0.001)::box2d) as geom
    from zone z
    cross join pas
    cross join lateral st_squaregrid(pas.pas, z.essai) g
), morceau as materialized (
    select row_number() over () as rang, i, j, st_envelope(geom) as boite
    from maille
    where not st_isempty(geom)
)
select p.idu
from morceau m
cross join zone z
cross join pas
-- « offset 0 » keeps the planner from asking the index for the whole shape's box instead.
cross join lateral (
    select p.idu, p.geom
    from cadastre.parcelle p
    where p.geom && m.boite
    offset 0
) p
-- A parcel counts in the first cell that it meets; whole numbers spare most comparisons of boxes, with a metre for
-- the single precision of these.
where not exists (
        select
        from morceau avant
        where avant.rang < m.rang
            and avant.i between floor((st_xmin(p.geom) - 1) / pas.pas) and floor((st_xmax(p.geom) + 1) / pas.pas)
            and avant.j between floor((st_ymin(p.geom) - 1) / pas.pas) and floor((st_ymax(p.geom) + 1) / pas.pas)
            and avant.boite && p.geom
    )
    and case
        when $5 then st_covers(z.contenant, p.geom)
        when $3 > 0 then st_intersects(z.essai, p.geom)
            and (st_intersects(z.sans_doute, p.geom) or st_dwithin(st_transform(p.geom, $2), z.cc, $3))
        else st_intersects(z.essai, p.geom) and (not z.interieurs or st_relate(z.geom, p.geom, 'T********'))
    end
limit $6
