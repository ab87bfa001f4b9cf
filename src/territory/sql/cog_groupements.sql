with epci as (
    insert into core.collectivite (siren, nom, genre)
    select * from unnest($1::text[], $2::text[], $3::text[])
    on conflict (siren) do update
    set nom = excluded.nom, genre = excluded.genre
)
insert into core.collectivite (siren, nom, genre, insee)
select siren, nom, 'commune', insee
from core.commune
where siren ~ '^[0-9]{9}$' and genre = 'commune'
on conflict (siren) do update
set nom = excluded.nom, insee = excluded.insee
