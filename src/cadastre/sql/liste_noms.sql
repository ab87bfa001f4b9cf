select insee, nom
from core.commune
where insee = any($1)
