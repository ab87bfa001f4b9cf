select id, sceau
from journal.acte
where rang = $1
order by id
limit 1
