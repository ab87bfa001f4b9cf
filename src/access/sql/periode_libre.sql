-- Whether the commune is of the territory over some of the period, and whether the territory or the mission has it already.
select
    exists (
        select from acces.territoire
        where collectivite = $1 and insee = $2 and daterange(du, au) && daterange($3::date, $4::date)
    ) as dans,
    case when $5::text is null
        then exists (
            select from acces.territoire
            where collectivite = $1 and insee = $2 and daterange(du, au) && daterange($3::date, $4::date)
        )
        else exists (
            select from acces.mission
            where collectivite = $1 and insee = $2 and mission = $5 and daterange(du, au) && daterange($3::date, $4::date)
        )
    end as deja
