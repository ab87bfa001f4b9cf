with forme as (
    select st_transform(st_segmentize(st_geomfromewkb($1), $4), $2) as cc
)
select st_asgeojson(st_transform(case when $3 > 0 then st_buffer(cc, $3, 'quad_segs=16') else cc end, 4326), 7)::jsonb
from forme
