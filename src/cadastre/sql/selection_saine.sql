-- Each part is checked and mended alone; a mend that changes the area by more than 1 % is no detail.
with morceau as (
    select d.path, d.geom, d.v, case when (d.v).valid then d.geom else st_makevalid(d.geom, 'method=structure') end as saine
    from (
        select d.path, d.geom, st_isvaliddetail(d.geom) as v
        from st_dump(st_geomfromewkb($1)) d
    ) d
), jugee as (
    select m.*, st_transform(st_setsrid((m.v).location, st_srid(m.geom)), 4326) as ou, (m.v).valid or (
        st_dimension(m.geom) = 2
        and st_area(m.saine) > 0
        and abs(st_area(m.saine) - st_area(m.geom)) <= 0.01 * st_area(m.saine)
    ) as acceptable
    from morceau m
)
select bool_and(acceptable) as acceptable,
    (array_agg((v).reason order by path) filter (where not acceptable))[1] as motif,
    (array_agg(st_x(ou) order by path) filter (where not acceptable))[1] as lon,
    (array_agg(st_y(ou) order by path) filter (where not acceptable))[1] as lat,
    case when bool_and(acceptable) then
        st_asewkb(st_union(case st_dimension(geom) when 2 then st_collectionextract(saine, 3) else saine end))
    end as saine
from jugee
