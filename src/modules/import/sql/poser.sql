insert into import_etape (ligne, champs, id, avec_cle, insee, brute)
select * from unnest($1::bigint[], $2::jsonb[], $3::uuid[], $4::boolean[], $5::text[], $6::bytea[])
