with vue as (
    update acces.session set vue_le = now()
    where empreinte = $1 and expire_le > now() and vue_le between now() - interval '30 minutes' and now() - interval '1 minute'
)
select s.id, s.utilisateur, u.email, u.nom, u.administrateur, s.second_facteur, u.totp_confirme_le is not null as totp,
    s.collectivite, s.vue_comme, v.email as vue_comme_email, v.nom as vue_comme_nom
from acces.session s
join acces.utilisateur u on u.id = s.utilisateur
left join acces.utilisateur v on v.id = s.vue_comme
where s.empreinte = $1 and s.expire_le > now() and s.vue_le > now() - interval '30 minutes' and u.actif
