with fermees as (delete from acces.session where utilisateur = $1)
delete from acces.lien where utilisateur = $1
