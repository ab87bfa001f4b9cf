insert into acces.code_secours (utilisateur, empreinte) values ($1, $2)
