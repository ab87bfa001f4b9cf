update core.travail
set etat = case when annulation then 'annule' else $3 end,
    erreur = case when annulation then null else $4 end,
    fait = $5, total = $6, rapport = coalesce($7, rapport), message = null,
    resultat_nom = case when annulation then null else $8 end,
    resultat_type = case when annulation then null else $9 end,
    resultat_octets = case when annulation then null else $10::bigint end,
    fin = now(), expire_le = now() + make_interval(hours => $11)
where id = $1 and essai = $2 and etat = 'en_cours'
returning etat
