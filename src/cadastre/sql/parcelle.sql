select p.insee, c.nom as commune, p.prefixe, p.contenance, p.arpentee, p.figuree, p.feuille, p.cree, p.maj,
    f.echelle, f.qualite, f.confection, l.source, l.millesime, z.zone,
    st_area(st_transform(p.geom, z.zone)) as surface,
    case when p.prefixe <> '000' then coalesce(x.ancienne, a.insee) end as ancienne_insee,
    coalesce(x.nom, a.nom) as ancienne_nom,
    st_x(g.point) as lon, st_y(g.point) as lat,
    st_xmin(g.contour) as ouest, st_ymin(g.contour) as sud, st_xmax(g.contour) as est, st_ymax(g.contour) as nord,
    st_asgeojson(g.contour, 7)::jsonb as geometrie
from cadastre.parcelle p
join core.commune c using (insee)
cross join lateral (select coalesce(c.cc_srid, core.storage_srid()) as zone) z
cross join lateral (
    select st_transform(p.geom, 4326) as contour, st_transform(st_pointonsurface(p.geom), 4326) as point
) g
left join cadastre.feuille f on f.id = p.feuille
left join cadastre.livraison l on l.insee = p.insee and l.couche = 'parcelle'
left join cadastre.prefixe_section x on x.insee = p.insee and x.prefixe = p.prefixe
left join lateral (
    select a.insee, a.nom
    from core.commune_ancienne a
    where a.chef_lieu = p.insee and a.insee = left(p.insee, 2) || p.prefixe
    limit 1
) a on true
where p.idu = $1
