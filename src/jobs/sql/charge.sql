select
    count(*) filter (where demandeur = $1 and etat in ('attente', 'en_cours')) as ouverts,
    count(*) filter (where demandeur = $1 and depose_le > now() - interval '1 hour') as recents,
    extract(epoch from min(depose_le) filter (where demandeur = $1 and depose_le > now() - interval '1 hour')
        + interval '1 hour' - now())::bigint as attente_s,
    count(*) filter (where etat = 'attente') as file
from core.travail
where demandeur = $1 or etat = 'attente'
