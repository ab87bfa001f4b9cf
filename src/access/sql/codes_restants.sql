select (select count(*) from acces.code_secours c where c.utilisateur = u.id and c.utilise_le is null)
from acces.utilisateur u
where u.id = $1 and u.totp_confirme_le is not null
