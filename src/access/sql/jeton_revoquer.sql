update acces.jeton set revoque_le = now()
where id = $1 and revoque_le is null and ($2::uuid is null or utilisateur = $2)
returning collectivite
