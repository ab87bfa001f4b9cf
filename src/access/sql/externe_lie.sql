select u.id, u.actif
from acces.identite_externe i
join acces.utilisateur u on u.id = i.utilisateur
where i.fournisseur = $1 and i.sujet = $2
