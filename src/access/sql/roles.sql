select r.id, r.code, r.libelle, c.code as collectivite
from acces.role r
left join acces.collectivite c on c.id = r.collectivite
where $1::integer is null or r.collectivite is null or r.collectivite = $1
order by r.collectivite is not null, c.code, r.libelle
