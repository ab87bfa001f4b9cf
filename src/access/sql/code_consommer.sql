update acces.code_secours set utilise_le = now()
where utilisateur = $1 and empreinte = $2 and utilise_le is null
