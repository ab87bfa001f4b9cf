update acces.utilisateur set totp_confirme_le = now(), totp_dernier = $3
where id = $1 and totp_confirme_le is null and totp_secret = $2
