select id, couche, cle_entite, role, valide_du, valide_au, etat, propose, batch, version, creee_le
from core.rattachement
where objet = $1 and cle = $2 and archivee_le is null
order by valide_au desc nulls first, couche, role, cle_entite, id
limit $3
