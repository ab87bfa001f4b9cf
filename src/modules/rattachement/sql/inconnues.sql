select c.cle
from unnest($2::text[]) c (cle)
where core.entite($1, c.cle) is null
order by c.cle
limit 1
