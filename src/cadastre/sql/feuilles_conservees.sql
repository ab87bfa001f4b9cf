select id
from cadastre.feuille f
where insee = $1
    and not exists (select from stage_portee p where p.feuille = f.id)
order by id
