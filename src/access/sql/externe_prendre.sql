delete from acces.demande_externe
where etat = $1 and navigateur = $2 and fournisseur = $3 and expire_le > now()
returning nonce, verifieur, suite
