select a.id as attribution, u.id as utilisateur, u.email, u.nom, r.code as role, r.libelle as role_libelle, a.du, a.au,
    d.objet, d.action, d.lignes, d.champs, d.niveau, a.communes, a.finalites
from acces.attribution a
join acces.utilisateur u on u.id = a.utilisateur and u.actif
join acces.role r on r.id = a.role and (r.collectivite is null or r.collectivite = a.collectivite)
join acces.droit d on d.role = r.id
where a.collectivite = $1 and d.objet = $2 and a.du <= core.jour('') and (a.au is null or a.au > core.jour(''))
order by u.nom, u.email, a.id, d.id
