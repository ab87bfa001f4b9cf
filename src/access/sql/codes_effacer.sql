delete from acces.code_secours where utilisateur = $1
