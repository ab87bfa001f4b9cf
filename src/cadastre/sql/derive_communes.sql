with unie as (
    select insee, min(cree) as cree, max(maj) as maj,
        st_multi(st_collectionextract(st_makevalid(st_union(geom)), 3)) as geom
    from cadastre.feuille f
    where insee = any($1)
        and ($2 or not exists (
            select from cadastre.livraison l
            where l.insee = f.insee and l.couche = 'commune' and l.source = 'etalab'
        ))
    group by insee
), nommee as (
    select insee, max(nom) as nom
    from stage_commune
    group by insee
), vide as (
    delete from stage_commune
)
insert into stage_commune (insee, nom, cree, maj, geom)
select u.insee, n.nom, u.cree, u.maj, u.geom
from unie u
left join nommee n using (insee)
