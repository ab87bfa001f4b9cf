update core.commune c
set nom = p.nom
from cadastre.commune p
where c.insee = p.insee
    and c.genre = 'hors_cog'
    and c.nom = 'Commune ' || c.insee
    and p.nom is not null
    and p.insee = any($1)
