select p.idu, p.insee, c.nom as commune, p.prefixe, p.contenance, p.feuille,
    st_area(st_transform(p.geom, coalesce(c.cc_srid, core.storage_srid()))) as surface,
    st_x(g.point) as lon, st_y(g.point) as lat,
    st_asewkb(st_transform(p.geom, $2)) as geom,
    a.adresses
from cadastre.parcelle p
join core.commune c using (insee)
cross join lateral (select st_transform(st_pointonsurface(p.geom), 4326) as point) g
left join lateral (
    select string_agg(concat_ws(' ', t.numero, nullif(t.suffixe, ''), v.nom), ' ; ' order by v.nom, t.numero, t.suffixe) as adresses
    from (
        select a.voie, a.numero, a.suffixe
        from adresse.adresse a
        where a.parcelles @> array[p.idu]
        union
        select a.voie, a.numero, a.suffixe
        from adresse.adresse a
        where a.parcelles = '{}' and st_intersects(p.geom, a.geom)
        limit 50
    ) t
    join adresse.voie v on v.id = t.voie
) a on true
where p.idu = any($1)
order by p.idu
