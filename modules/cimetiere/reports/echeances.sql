-- Où les concessions s'achèvent : les emplacements dont l'échéance tombe chaque année.
-- param aujourd_hui: date
-- result annee: text
-- result emplacements: integer
-- result concessions: integer
-- result cineraires: integer
with borne as (
    select e.nature, case when e.annee_fin < extract(year from :aujourd_hui)::integer then extract(year from :aujourd_hui)::integer - 1
        when e.annee_fin > extract(year from :aujourd_hui)::integer + 20 then extract(year from :aujourd_hui)::integer + 21
        else e.annee_fin end as annee
    from {{emplacement}} e
    where e.annee_fin is not null
)
select case when b.annee < extract(year from :aujourd_hui)::integer then 'Échues avant ' || extract(year from :aujourd_hui)::integer::text
        when b.annee > extract(year from :aujourd_hui)::integer + 20 then 'Après ' || (b.annee - 1)::text
        else b.annee::text end as annee,
    count(*) as emplacements,
    count(*) filter (where b.nature = 'concession') as concessions,
    count(*) filter (where b.nature in ('columbarium', 'cavurne')) as cineraires
from borne b
group by b.annee
order by b.annee
