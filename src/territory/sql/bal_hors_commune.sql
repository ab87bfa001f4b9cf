-- Addresses whose point lies well outside their commune's plan: latitude and longitude swapped, or a wrong commune.
with emprise as (
    select insee, st_expand(st_setsrid(st_extent(geom)::geometry, core.storage_srid()), 500) as boite
    from (
        select insee, geom from cadastre.commune where insee = any($1)
        union all
        select insee, geom from cadastre.parcelle where insee = any($1)
            and not exists (select from cadastre.commune k where k.insee = parcelle.insee)
    ) plan
    group by insee
)
delete from stage_adresse s
using emprise e
where s.insee = e.insee
    and s.geom is not null
    and not s.geom && e.boite
returning s.ligne, s.cle
