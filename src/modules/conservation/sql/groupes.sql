select objet, finalite, sort, array_agg(champ order by champ) as champs
from core.champ_personnel
where conservation is not null
group by objet, finalite, sort
order by objet, finalite, sort
