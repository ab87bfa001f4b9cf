select id, genre, libelle, etat, fait, total, message, depose_le, debut, fin, expire_le, rapport, erreur,
    resultat_nom, resultat_type, resultat_octets
from core.travail
where id = $1 and (depose_par is null or depose_par = $2) and (expire_le is null or expire_le > now())
