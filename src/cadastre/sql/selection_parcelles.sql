select p.idu, p.insee, c.nom as commune, p.contenance,
    st_area(st_transform(p.geom, coalesce(c.cc_srid, core.storage_srid()))) as surface,
    st_x(g.point) as lon, st_y(g.point) as lat,
    st_xmin(g.boite) as ouest, st_ymin(g.boite) as sud, st_xmax(g.boite) as est, st_ymax(g.boite) as nord,
    a.adresse
from cadastre.parcelle p
join core.commune c using (insee)
cross join lateral (
    select st_transform(st_pointonsurface(p.geom), 4326) as point, st_transform(st_envelope(p.geom), 4326) as boite
) g
left join lateral (
    select concat_ws(' ', t.numero, nullif(t.suffixe, ''), v.nom) as adresse
    from (
        select a.voie, a.numero, a.suffixe
        from adresse.adresse a
        where a.parcelles @> array[p.idu]
        union all
        select a.voie, a.numero, a.suffixe
        from adresse.adresse a
        where a.parcelles = '{}' and st_intersects(p.geom, a.geom)
    ) t
    join adresse.voie v on v.id = t.voie
    order by v.nom, t.numero, t.suffixe
    limit 1
) a on true
where p.idu = any($1)
order by p.idu
