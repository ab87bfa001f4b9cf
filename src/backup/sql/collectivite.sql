select id, code, nom
from acces.collectivite
where code = $1
