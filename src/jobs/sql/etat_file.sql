select
    count(*) filter (where etat = 'attente') as attente,
    count(*) filter (where etat = 'en_cours') as en_cours,
    count(*) filter (where etat = 'echec') as echec
from core.travail
