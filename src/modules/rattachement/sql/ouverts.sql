select count(*), count(*) filter (where couche = $3 and role = $4),
    coalesce(bool_or(couche = $3 and role = $4 and cle_entite = $5), false)
from core.rattachement
where objet = $1 and cle = $2 and valide_au is null and archivee_le is null
