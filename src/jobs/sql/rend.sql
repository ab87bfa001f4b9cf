update core.travail
set etat = case when annulation then 'annule' else 'attente' end, essai = essai + 1, battement = null,
    message = null, rapport = null,
    fin = case when annulation then now() end,
    expire_le = case when annulation then now() + make_interval(hours => $3) end
where id = $1 and essai = $2 and etat = 'en_cours'
