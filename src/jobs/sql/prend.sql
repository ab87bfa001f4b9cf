update core.travail t
set etat = 'en_cours', essai = essai + 1, battement = now(), debut = coalesce(debut, now()),
    pannes = pannes + case when etat = 'en_cours' then 1 else 0 end
where id = (
    select id
    from core.travail
    where genre = any($1)
        and not annulation
        and (
            etat = 'attente'
            or etat = 'en_cours' and battement < now() - make_interval(secs => $3) and pannes + 1 < $4 and genre = any($2)
        )
    order by depose_le, id
    limit 1
    for update skip locked
)
returning id, genre, parametres, essai, fait, total
