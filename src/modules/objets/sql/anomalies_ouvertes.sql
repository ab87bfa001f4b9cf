select id, champ, motif from core.anomalie where objet = $1 and cle = $2 and levee_le is null
