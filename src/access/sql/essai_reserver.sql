insert into acces.essai (cle) values ($1) returning id
