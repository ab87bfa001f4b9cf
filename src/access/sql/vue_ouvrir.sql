-- The account must hold a role there today; the session keeps where it acted before.
update acces.session s
set vue_comme = u.id, collectivite_avant = s.collectivite, collectivite = c.id
from acces.utilisateur u, acces.collectivite c
where s.id = $1 and s.utilisateur = $4 and s.vue_comme is null and u.id = $2 and u.actif and c.code = $3
    and exists (
        select from acces.attribution a
        where a.utilisateur = u.id and a.collectivite = c.id and a.du <= core.jour('') and (a.au is null or a.au > core.jour('')))
returning c.id, u.email
