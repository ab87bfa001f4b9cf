select id, split_part(objet, '.', 1) as module, split_part(objet, '.', 2) as objet, nom, partagee, utilisateur = acces.mon_utilisateur() as propre, etat, version
from core.vue
where objet = $1
order by utilisateur = acces.mon_utilisateur() desc, nom, id
limit 500
