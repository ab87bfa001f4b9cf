insert into stage_section (id, insee, prefixe, code, cree, maj, geom)
select insee || prefixe || section, insee, prefixe, section, min(cree), max(maj),
    st_multi(st_collectionextract(st_makevalid(st_union(geom)), 3))
from cadastre.feuille f
where insee = any($1)
    and ($2 or not exists (
        select from cadastre.livraison l
        where l.insee = f.insee and l.couche = 'section' and l.source = 'etalab'
    ))
group by insee, prefixe, section
