select st_xmin(b.boite) as ouest, st_ymin(b.boite) as sud, st_xmax(b.boite) as est, st_ymax(b.boite) as nord
from (
    select st_transform(st_setsrid(st_extent(etendue)::geometry, core.storage_srid()), 4326) as boite
    from core.recherche
    where genre = 'commune'
) b
