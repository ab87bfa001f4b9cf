select a.collectivite, a.communes, u.email, r.code
from acces.attribution a
join acces.utilisateur u on u.id = a.utilisateur
join acces.role r on r.id = a.role
where a.id = $1 and (a.au is null or a.au > core.jour(''))
for update of a
