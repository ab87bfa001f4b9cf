select e.ligne, case
        when $2 <> 'Geometry' and geometrytype(e.geom) <> upper($2) then
            'sa géométrie est d''un autre genre : ' || case
                when $2 like '%Point' then 'un point est attendu'
                when $2 like '%LineString' then 'une ligne est attendue'
                else 'une surface est attendue'
            end
        when not e.geom && st_makeenvelope(-1e9, -1e9, 1e9, 1e9, st_srid(e.geom)) then
            'sa géométrie ne se place pas dans le pays de cette base'
        else 'le contour de sa géométrie se croise lui-même'
    end
from import_etape e
where e.ligne = any ($1) and e.geom is not null
    and ($2 <> 'Geometry' and geometrytype(e.geom) <> upper($2)
        or not e.geom && st_makeenvelope(-1e9, -1e9, 1e9, 1e9, st_srid(e.geom))
        or not st_isvalid(e.geom))
