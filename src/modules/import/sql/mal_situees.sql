select e.ligne, m.motif
from import_etape e
cross join lateral (
    select case
        when $2 <> 'Geometry' and geometrytype(e.geom) <> upper($2) then
            'sa géométrie est d''un autre genre : ' || case
                when $2 like '%Point' then 'un point est attendu'
                when $2 like '%LineString' then 'une ligne est attendue'
                else 'une surface est attendue'
            end
        when not e.geom && st_makeenvelope(-1e9, -1e9, 1e9, 1e9, st_srid(e.geom)) then
            'sa géométrie ne se place pas dans le pays de cette base'
        when not st_isvalid(e.geom) then 'le contour de sa géométrie se croise lui-même'
        when (select acces.territoire_trace()) and not exists (
            select from cadastre.commune c where st_intersects(c.geom, st_pointonsurface(e.geom))
        ) then 'sa géométrie ne tombe dans aucune commune du territoire'
    end as motif
) m
where e.ligne = any ($1) and e.geom is not null and m.motif is not null
