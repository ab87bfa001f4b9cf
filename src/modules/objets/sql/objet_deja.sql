select apres @> $3
from core.historique
where objet = $1 and cle = $2 and operation = 'creation' and collectivite = (select acces.ma_collectivite())
order by id
limit 1
