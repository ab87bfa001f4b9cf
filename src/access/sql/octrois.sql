select r.code as role, d.objet, d.action, d.lignes, d.champs, d.niveau, a.communes, a.finalites
from acces.attribution a
join acces.utilisateur u on u.id = a.utilisateur and u.actif
join acces.role r on r.id = a.role and (r.collectivite is null or r.collectivite = a.collectivite)
join acces.droit d on d.role = r.id
where a.utilisateur = $1 and a.collectivite = $2 and a.du <= core.jour('') and (a.au is null or a.au > core.jour(''))
order by a.id, d.id
