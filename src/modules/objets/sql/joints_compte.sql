select count(*) from core.piece_jointe where objet = $1 and cle = $2 and archivee_le is null
