with lieu as (
    select l.insee, l.nom, st_collect(l.geom) as geom
    from cadastre.lieu_dit l
    where l.insee = any($1)
    group by l.insee, l.nom
), voie_du_plan as (
    select v.insee, v.nom, st_collect(v.geom) as geom
    from cadastre.nom_voie v
    where v.insee = any($1)
        and not exists (select from adresse.livraison b where b.insee = v.insee)
    group by v.insee, v.nom
), voie as (
    select v.id, v.insee, v.nom, v.genre, coalesce(st_collect(a.geom), v.geom) as geom
    from adresse.voie v
    left join adresse.adresse a on a.voie = v.id
    where v.insee = any($1)
    group by v.id
), emprise as (
    select insee, st_setsrid(st_extent(geom)::geometry, core.storage_srid()) as geom
    from (
        select insee, geom from cadastre.commune where insee = any($1)
        union all
        select insee, geom from cadastre.parcelle where insee = any($1)
            and not exists (select from cadastre.commune k where k.insee = parcelle.insee)
        union all
        select insee, geom from adresse.adresse where insee = any($1)
            and not exists (select from cadastre.commune k where k.insee = adresse.insee)
    ) tout
    group by insee
), entree as (
    select 'lieu_dit' as genre, insee || '/' || nom as cle, nom as libelle, insee, geom from lieu
    union all
    select 'voie', insee || '/' || nom, nom, insee, geom from voie_du_plan
    union all
    select genre, id::text, nom, insee, geom from voie where genre = 'voie'
    union all
    select 'lieu_dit', id::text, nom, insee, geom from voie
    where genre = 'lieu_dit' and not exists (
        select from lieu where lieu.insee = voie.insee and lower(lieu.nom) = lower(voie.nom)
    )
    union all
    select 'commune', e.insee, c.nom, e.insee, e.geom from emprise e join core.commune c using (insee)
)
select e.genre, e.cle, e.libelle, e.insee, c.nom as commune, c.codes_postaux,
    st_asewkb(case when st_dimension(e.geom) = 2 then st_pointonsurface(e.geom) else st_centroid(e.geom) end) as point,
    st_asewkb(st_envelope(st_buffer(st_envelope(e.geom), 20))) as etendue
from entree e
join core.commune c using (insee)
where e.geom is not null
