insert into core.commune
    (insee, nom, genre, departement, region, siren, codes_postaux, population, commune_mere, cc_srid, cc_origine, cog_version)
select insee, nom, genre, departement, region, siren,
    array_remove(string_to_array(codes_postaux, ' '), ''), population, commune_mere,
    zone, case when zone is not null then 'departement' end, $11
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::text[], $10::integer[])
    as c (insee, nom, genre, departement, region, siren, codes_postaux, population, commune_mere, zone)
on conflict (insee) do update
set nom = excluded.nom,
    genre = excluded.genre,
    departement = excluded.departement,
    region = excluded.region,
    siren = excluded.siren,
    codes_postaux = excluded.codes_postaux,
    population = excluded.population,
    commune_mere = excluded.commune_mere,
    cc_srid = case when commune.cc_origine = 'geometrie' then commune.cc_srid else excluded.cc_srid end,
    cc_origine = coalesce(commune.cc_origine, excluded.cc_origine),
    cog_version = excluded.cog_version
