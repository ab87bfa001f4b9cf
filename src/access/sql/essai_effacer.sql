delete from acces.essai where id = any ($1) or cle = $2
