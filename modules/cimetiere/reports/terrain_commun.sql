-- Le terrain commun, et cinq fois ce qu'une année y demande (CGCT, L2223-2).
-- param annees: integer
-- param aujourd_hui: date
-- result cimetiere: text
-- result places: integer
-- result libres: integer
-- result inhumations: decimal
-- result voulues: integer
-- result surface: decimal
-- result avis: text
with annee as (
    select e.cimetiere, extract(year from j.du)::integer as annee
    from {{sejour}} j
    join {{emplacement}} e on e.id = j.emplacement
    where e.nature = 'terrain_commun' and not j.annule and j.forme = 'cercueil' and j.du is not null
), inhume as (
    select a.cimetiere,
        count(*) filter (where a.annee >= extract(year from :aujourd_hui)::integer - :annees)::numeric
            / least(:annees, greatest(1, extract(year from :aujourd_hui)::integer - min(a.annee))) as par_an
    from annee a
    where a.annee < extract(year from :aujourd_hui)::integer
    group by a.cimetiere
), offert as (
    select e.cimetiere, sum(e.places_cercueil)::integer as places,
        count(*) filter (where e.statut = 'libre') as libres, sum(coalesce(e.surface_plan, e.surface)) as surface
    from {{emplacement}} e
    where e.nature = 'terrain_commun' and not e.hors_service
    group by e.cimetiere
)
select m.libelle as cimetiere, coalesce(o.places, 0) as places, coalesce(o.libres, 0) as libres,
    round(coalesce(i.par_an, 0), 1) as inhumations, ceil(5 * coalesce(i.par_an, 0))::integer as voulues,
    round(o.surface, 1) as surface,
    case when i.par_an is null then 'Aucune inhumation comptée'
        when coalesce(o.places, 0) >= 5 * i.par_an then 'Suffisant'
        else 'Il manque ' || (ceil(5 * i.par_an) - coalesce(o.places, 0))::integer::text || ' places : reprenez des sépultures, ou étendez-le'
    end as avis
from {{cimetiere}} m
left join offert o on o.cimetiere = m.id
left join inhume i on i.cimetiere = m.id
order by m.libelle
