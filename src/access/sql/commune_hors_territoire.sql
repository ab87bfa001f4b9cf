select demandee from unnest($2::text[]) demandee
where not exists (
    select from acces.territoire t
    where t.collectivite = $1 and t.insee = demandee and (t.au is null or t.au > core.jour(t.insee)))
limit 1
