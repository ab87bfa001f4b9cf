-- A commune that the COG does not know is called as its addresses call it: the plan writes in capitals.
insert into core.commune (insee, nom, genre, departement)
select insee, nom, 'hors_cog', case when insee like '97%' then left(insee, 3) else left(insee, 2) end
from unnest($1::text[], $2::text[]) as c (insee, nom)
on conflict (insee) do update
set nom = excluded.nom
where commune.genre = 'hors_cog'
