insert into core.quarantaine (batch, fichier, couche, objet, motif)
select $1, *
from unnest($2::text[], $3::text[], $4::text[], $5::text[])
