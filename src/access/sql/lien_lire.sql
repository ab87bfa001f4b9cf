select u.id, u.email, u.nom
from acces.lien l
join acces.utilisateur u on u.id = l.utilisateur and u.actif
where l.empreinte = $1 and l.utilise_le is null and l.expire_le > now()
