insert into core.commune (insee, nom, genre, departement)
select insee, 'Commune ' || insee, 'hors_cog', case when insee like '97%' then left(insee, 3) else left(insee, 2) end
from unnest($1::text[]) as c (insee)
on conflict (insee) do nothing
returning insee
