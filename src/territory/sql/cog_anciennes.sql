insert into core.commune_ancienne (insee, nom, genre, chef_lieu)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
on conflict (insee, genre) do update
set nom = excluded.nom, chef_lieu = excluded.chef_lieu
