insert into acces.attribution (utilisateur, role, collectivite, communes, finalites, du, au, cree_par)
select $1, $2, $3, $4, $5, $6::date, $7::date, $8
where not exists (
    select from acces.attribution
    where utilisateur = $1 and role = $2 and collectivite = $3 and communes is not distinct from $4
        and finalites = $5 and daterange(du, au) && daterange($6::date, $7::date))
returning id
