select cle as fiche, id, couche, cle_entite, role, valide_du, valide_au, etat, propose, batch, version, creee_le
from core.rattachement
where objet = $1 and cle = any($2) and etat <> 'sur' and valide_au is null and archivee_le is null
order by creee_le, id
