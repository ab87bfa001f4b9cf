insert into core.import_batch (id, format, sources, communes, etat, debut, fin, rapport)
values ($1, 'bal', array[$2::text], $3, 'applique', $4, now(), '{}')
