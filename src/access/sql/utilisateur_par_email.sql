select id, email, nom, administrateur, actif, mot_de_passe is not null as mot_de_passe,
    totp_confirme_le is not null as second_facteur, vu_le
from acces.utilisateur
where email = $1
