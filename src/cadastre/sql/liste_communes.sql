select insee, mots
from core.recherche
where genre = 'commune'
order by insee
