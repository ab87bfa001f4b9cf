select objet, action, lignes, champs, niveau from acces.droit where role = $1 order by objet, action, id
