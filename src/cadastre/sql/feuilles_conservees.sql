select insee, id
from cadastre.feuille f
where insee = any($1)
    and not exists (select from stage_portee p where p.feuille = f.id)
order by insee, id
