update import_etape e
set geom = case
        when st_isempty(g.geom) then null
        when $3 like 'Multi%' then st_multi(g.geom)
        when $3 in ('Point', 'LineString', 'Polygon') and st_numgeometries(g.geom) = 1 then st_geometryn(g.geom, 1)
        else g.geom
    end
from import_etape s
cross join lateral (select st_geomfromewkb(s.brute) as geom) b
cross join lateral (
    select st_force2d(st_transform(
        case when st_srid(b.geom) = 0 then st_setsrid(b.geom, $2) else b.geom end, core.storage_srid())) as geom
) g
where s.ligne = any ($1) and s.brute is not null and e.ligne = s.ligne
