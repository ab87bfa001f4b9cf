select id, objet, nom, partagee, utilisateur = acces.mon_utilisateur() as propre, etat, version
from core.vue
where id = $1
