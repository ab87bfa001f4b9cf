select d.insee, count(*) filter (where d.sort = 'retire') as perdues, count(*) filter (where d.sort <> 'ajoute') as connues
from stage_diff d
where d.couche = 'parcelle'
    and exists (select from stage_diff r where r.couche = 'parcelle' and r.sort = 'retire')
    and exists (select from stage_portee p where p.insee = d.insee and p.couche = 'parcelle' and p.feuille is null)
group by d.insee
having count(*) filter (where d.sort = 'retire') > $1 * count(*) filter (where d.sort <> 'ajoute')
    and count(*) filter (where d.sort <> 'ajoute') >= 20
order by 2 desc
limit 1
