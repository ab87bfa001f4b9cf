insert into adresse.livraison (insee, batch, adresses)
select insee, $2, (select count(*) from adresse.adresse a where a.insee = c.insee)
from unnest($1::text[]) as c (insee)
on conflict (insee) do update
set batch = excluded.batch, adresses = excluded.adresses, importe_le = now()
