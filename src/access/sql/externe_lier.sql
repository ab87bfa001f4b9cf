insert into acces.identite_externe (fournisseur, sujet, utilisateur)
select $1, $2, u.id
from acces.utilisateur u
where u.email = $3 and u.actif
    and not exists (select from acces.identite_externe i where i.utilisateur = u.id and i.fournisseur = $1)
returning utilisateur
