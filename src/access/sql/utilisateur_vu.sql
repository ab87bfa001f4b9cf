update acces.utilisateur set vu_le = now() where id = $1
