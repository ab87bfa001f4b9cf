with vu as (
    update acces.jeton set vu_le = now()
    where empreinte = $1 and revoque_le is null and expire_le > now() and (vu_le is null or vu_le < now() - interval '1 minute')
)
select j.id, j.utilisateur, u.email, u.nom, j.collectivite, 'write' = any (j.portee) as ecriture
from acces.jeton j
join acces.utilisateur u on u.id = j.utilisateur
where j.empreinte = $1 and j.revoque_le is null and j.expire_le > now() and u.actif
