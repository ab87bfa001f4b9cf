update acces.utilisateur set totp_dernier = $2
where id = $1 and totp_confirme_le is not null and coalesce(totp_dernier, 0) < $2
