select id, poste, ouverte_le, vue_le, fournisseur
from acces.session
where utilisateur = $1 and expire_le > now() and vue_le > now() - interval '30 minutes'
order by vue_le desc
