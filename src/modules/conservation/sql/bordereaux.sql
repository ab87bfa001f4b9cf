select id, objet, finalite, sort, champs, cardinality(cles) as nombre, creee_le, exportee_le, visa, visa_le, executee_le
from core.elimination
where collectivite = (select acces.ma_collectivite()) and ($1::uuid is null or id = $1)
order by creee_le desc, id
limit 500
