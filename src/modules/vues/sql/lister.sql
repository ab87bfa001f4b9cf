select id, objet, nom, partagee, utilisateur = acces.mon_utilisateur() as propre, etat, version
from core.vue
where objet = $1
order by utilisateur = acces.mon_utilisateur() desc, nom, id
limit 500
