-- The parcels asked for, drawn in one zone: that of most of them. Areas are computed in each commune's own.
with demandees as (
    select p.idu, p.insee, p.prefixe, p.section, p.numero, p.contenance, p.feuille, p.geom, c.nom,
        coalesce(c.cc_srid, core.storage_srid()) as zone
    from cadastre.parcelle p
    join core.commune c using (insee)
    where p.idu = any($1)
), retenue as (
    select zone from demandees group by zone order by count(*) desc, zone limit 1
)
select d.idu, d.insee, d.nom as commune, d.contenance, d.zone as zone_commune, r.zone,
    st_area(st_transform(d.geom, d.zone)) as surface,
    st_asbinary(st_transform(d.geom, r.zone)) as geom,
    d.feuille, l.source, l.millesime, a.adresse
from demandees d
cross join retenue r
left join cadastre.livraison l on l.insee = d.insee and l.couche = 'parcelle'
left join lateral (
    select a.numero::text || case when a.suffixe = '' then '' else ' ' || a.suffixe end || ' ' || v.nom as adresse
    from adresse.adresse a
    join adresse.voie v on v.id = a.voie
    where a.parcelles @> array[d.idu]
    order by v.nom, a.numero, a.suffixe
    limit 1
) a on true
order by array_position($1, d.idu)
