with nouveau as (
    select m.siren, m.insee
    from unnest($1::text[], $2::text[]) as m (siren, insee)
    join core.collectivite c using (siren)
    join core.commune k on k.insee = m.insee
), efface as (
    delete from core.collectivite_membre m
    where not exists (select from nouveau n where n.siren = m.siren and n.insee = m.insee)
)
insert into core.collectivite_membre (siren, insee)
select siren, insee from nouveau
on conflict do nothing
