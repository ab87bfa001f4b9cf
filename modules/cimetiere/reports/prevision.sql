-- Ce qu'il reste d'emplacements à accorder, et pour combien d'années au rythme des dernières années complètes. Une année sans
-- rien compte ; celles d'avant le premier acte du cimetière ne comptent pas. L'autonomie est arrondie vers le bas.
-- param annees: integer
-- param aujourd_hui: date
-- result cimetiere: text
-- result nature: text
-- result emplacements: integer
-- result libres: integer
-- result reprenables: integer
-- result octrois: decimal
-- result retours: decimal
-- result autonomie: decimal
-- result avis: text
with fait as (
    select c.emplacement, c.genre, extract(year from coalesce(c.acte_le, c.debut_le))::integer as annee
    from {{contrat}} c
    where c.etat in ('signe', 'clos') and c.genre in ('achat', 'retrocession')
    union all
    select j.emplacement, 'inhumation', extract(year from j.du)::integer
    from {{sejour}} j
    where not j.annule and j.forme = 'cercueil'
    union all
    select p.emplacement, 'liberation', extract(year from e.le)::integer
    from {{etape_procedure}} e
    join {{procedure}} p on p.id = e.procedure
    where e.etape = 'liberation'
), compte as (
    select e.cimetiere, e.nature,
        count(*) filter (where f.genre = case when e.nature = 'terrain_commun' then 'inhumation' else 'achat' end) as octrois,
        count(*) filter (where f.genre in ('retrocession', 'liberation')) as retours
    from fait f
    join {{emplacement}} e on e.id = f.emplacement
    where f.annee between extract(year from :aujourd_hui)::integer - :annees and extract(year from :aujourd_hui)::integer - 1
    group by e.cimetiere, e.nature
), depuis as (
    select e.cimetiere, least(:annees, greatest(1, extract(year from :aujourd_hui)::integer - min(f.annee))) as annees
    from fait f
    join {{emplacement}} e on e.id = f.emplacement
    where f.annee < extract(year from :aujourd_hui)::integer
    group by e.cimetiere
), etat as (
    select e.cimetiere, e.nature, count(*) as emplacements,
        count(*) filter (where e.statut = 'libre') as libres,
        count(*) filter (where e.statut in ('echu_reprenable', 'repris_a_liberer')) as reprenables
    from {{emplacement}} e
    where not e.hors_service and e.nature in ('concession', 'columbarium', 'cavurne', 'enfeu', 'terrain_commun')
    group by e.cimetiere, e.nature
)
select m.libelle as cimetiere, coalesce(n.libelle, t.nature) as nature, t.emplacements, t.libres, t.reprenables,
    round(coalesce(c.octrois, 0)::numeric / d.annees, 1) as octrois,
    round(coalesce(c.retours, 0)::numeric / d.annees, 1) as retours,
    case when coalesce(c.octrois, 0) > coalesce(c.retours, 0)
        then trunc(t.libres::numeric * d.annees / (c.octrois - coalesce(c.retours, 0)), 1) end as autonomie,
    case when d.annees is null then 'Aucune année à compter'
        when coalesce(c.octrois, 0) = 0 then 'Rien d’accordé ces années-là'
        when c.octrois <= coalesce(c.retours, 0) then 'Sans fin : il en revient autant qu’il s’en accorde'
        when t.libres = 0 then 'Complet'
        when t.libres::numeric * d.annees / (c.octrois - coalesce(c.retours, 0)) >= 100 then 'Plus de cent ans'
        else 'Complet vers ' || (extract(year from :aujourd_hui)::integer
            + trunc(t.libres::numeric * d.annees / (c.octrois - coalesce(c.retours, 0)))::integer)::text
    end as avis
from etat t
join {{cimetiere}} m on m.id = t.cimetiere
left join compte c on c.cimetiere = t.cimetiere and c.nature = t.nature
left join depuis d on d.cimetiere = t.cimetiere
left join {{core.code}} n on n.nomenclature = 'cimetiere.nature' and n.code = t.nature
order by m.libelle, t.emplacements desc, t.nature
