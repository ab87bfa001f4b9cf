select c.insee, c.nom, c.cc_srid, p.millesime, p.source, coalesce(p.objets, 0) as parcelles, l.couches,
    st_xmin(b.boite) as ouest, st_ymin(b.boite) as sud, st_xmax(b.boite) as est, st_ymax(b.boite) as nord
from (
    select insee, array_agg(couche order by couche) filter (where objets > 0) as couches
    from cadastre.livraison
    group by insee
) l
join core.commune c using (insee)
left join cadastre.livraison p on p.insee = l.insee and p.couche = 'parcelle'
left join core.recherche r on r.genre = 'commune' and r.cle = l.insee
left join lateral (select st_transform(r.etendue, 4326) as boite) b on true
where l.couches is not null
    and ($1::text is null or c.insee = $1)
order by c.nom, c.insee
