-- Ce que chacune des dernières années complètes a pris et rendu.
-- param annees: integer
-- param aujourd_hui: date
-- result annee: text
-- result octrois: integer
-- result renouvellements: integer
-- result retours: integer
-- result inhumations: integer
with fait as (
    select c.genre, extract(year from coalesce(c.acte_le, c.debut_le))::integer as annee
    from {{contrat}} c
    where c.etat in ('signe', 'clos')
    union all
    select 'inhumation', extract(year from j.du)::integer
    from {{sejour}} j
    where not j.annule and j.forme in ('cercueil', 'urne')
    union all
    select 'liberation', extract(year from e.le)::integer
    from {{etape_procedure}} e
    where e.etape = 'liberation'
)
select f.annee::text as annee,
    count(*) filter (where f.genre = 'achat') as octrois,
    count(*) filter (where f.genre = 'renouvellement') as renouvellements,
    count(*) filter (where f.genre in ('retrocession', 'liberation')) as retours,
    count(*) filter (where f.genre = 'inhumation') as inhumations
from fait f
where f.annee between extract(year from :aujourd_hui)::integer - :annees and extract(year from :aujourd_hui)::integer - 1
group by f.annee
order by f.annee desc
