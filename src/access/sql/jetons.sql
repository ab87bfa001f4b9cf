select j.id, u.email, c.code as collectivite, c.nom as collectivite_nom, j.libelle, j.portee, j.cree_le, j.expire_le, j.vu_le, j.revoque_le
from acces.jeton j
join acces.utilisateur u on u.id = j.utilisateur
join acces.collectivite c on c.id = j.collectivite
where $1::uuid is null or j.utilisateur = $1
order by j.revoque_le is not null, j.expire_le < now(), j.cree_le desc
