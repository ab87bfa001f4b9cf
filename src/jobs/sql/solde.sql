with abandonne as (
    select id, annulation,
        case
            when etat = 'attente' then $5
            else $6
        end as phrase
    from core.travail
    where etat = 'en_cours'
            and battement < now() - make_interval(secs => $2)
            and (annulation or pannes + 1 >= $3 or genre <> all($1))
        or etat = 'attente' and depose_le < now() - make_interval(hours => $4)
    for update skip locked
)
update core.travail t
set etat = case when a.annulation then 'annule' else 'echec' end,
    erreur = case when a.annulation then null else a.phrase end,
    message = null, essai = essai + 1, fin = now(), expire_le = now() + make_interval(hours => $4)
from abandonne a
where t.id = a.id
returning t.id
