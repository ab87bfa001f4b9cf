update acces.utilisateur set totp_secret = $2
where id = $1 and totp_confirme_le is null
