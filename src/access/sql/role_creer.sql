insert into acces.role (code, libelle, collectivite)
select $1, $2, $3
where not exists (select from acces.role where code = $1 and collectivite is null)
on conflict do nothing
returning id
