select objet, cle, nom, type, empreinte from core.piece_jointe where id = $1 and archivee_le is null
