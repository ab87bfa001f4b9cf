select c.insee, (select count(*) from adresse.adresse a where a.insee = c.insee)
from core.commune c
where c.insee = any($1)
