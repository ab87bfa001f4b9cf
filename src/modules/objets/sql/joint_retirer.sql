update core.piece_jointe set archivee_le = now() where id = $1 and archivee_le is null
