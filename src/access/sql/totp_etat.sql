select totp_secret, totp_confirme_le is not null as confirme,
    not exists (select from acces.utilisateur where totp_secret is not null) as vierge
from acces.utilisateur
where id = $1
