select cle from core.rattachement where id = $1 and objet = $2 and archivee_le is null
