update core.travail
set annulation = true,
    etat = case when etat = 'attente' then 'annule' else etat end,
    fin = case when etat = 'attente' then now() end,
    expire_le = case when etat = 'attente' then now() + make_interval(hours => $2) end
where id = $1 and etat in ('attente', 'en_cours') and not annulation
