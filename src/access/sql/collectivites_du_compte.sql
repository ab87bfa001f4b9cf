select distinct c.id, c.code, c.nom
from acces.attribution a
join acces.collectivite c on c.id = a.collectivite
where a.utilisateur = $1 and a.du <= core.jour('') and (a.au is null or a.au > core.jour(''))
    and (c.fermee_le is null or c.fermee_le > core.jour(''))
order by c.nom
