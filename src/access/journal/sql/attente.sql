select count(*) as nombre, min(le) as depuis
from journal.acte
where rang is null
