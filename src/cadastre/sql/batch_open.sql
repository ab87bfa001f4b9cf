insert into core.import_batch (id, format, sources, millesime, etat, debut, fin, rapport)
values ($1, $2, $3, $4, 'applique', $5, now(), '{}')
