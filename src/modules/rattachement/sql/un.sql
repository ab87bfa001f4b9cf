select id, couche, cle_entite, role, valide_du, valide_au, etat, propose, batch, version, creee_le
from core.rattachement
where id = $1 and objet = $2 and cle = $3 and archivee_le is null
