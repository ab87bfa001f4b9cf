update acces.lien l set utilise_le = now()
from acces.utilisateur u
where l.empreinte = $1 and l.utilise_le is null and l.expire_le > now() and u.id = l.utilisateur and u.actif
returning u.id
