select u.id, u.email, u.nom, u.actif, u.administrateur, u.totp_confirme_le is not null as second_facteur,
    u.mot_de_passe is not null or exists (select from acces.identite_externe e where e.utilisateur = u.id) as entre,
    greatest(u.vu_le, (select max(s.vue_le) from acces.session s where s.utilisateur = u.id)) as vu_le,
    array(
        select distinct r.libelle || ' (' || c.code || ')' from acces.attribution a
        join acces.role r on r.id = a.role
        join acces.collectivite c on c.id = a.collectivite
        where a.utilisateur = u.id and a.du <= core.jour('') and (a.au is null or a.au > core.jour(''))
        order by 1
    ) as roles
from acces.utilisateur u
order by not u.actif, u.nom, u.email
