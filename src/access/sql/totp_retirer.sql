with retires as (delete from acces.code_secours where utilisateur = $1)
update acces.utilisateur set totp_secret = null, totp_confirme_le = null, totp_dernier = null
where id = $1
