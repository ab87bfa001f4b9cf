insert into core.recherche (genre, cle, libelle, insee, mots, point, etendue)
select genre, cle, libelle, insee, mots, st_geomfromewkb(point), st_geomfromewkb(etendue)
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[])
    as r (genre, cle, libelle, insee, mots, point, etendue)
on conflict (genre, cle) do update
set libelle = excluded.libelle, insee = excluded.insee, mots = excluded.mots, point = excluded.point, etendue = excluded.etendue
