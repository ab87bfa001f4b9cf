update acces.mission set au = coalesce($3::date, core.jour(insee))
where collectivite = $1 and insee = $2 and mission = $4 and du < coalesce($3::date, core.jour(insee))
    and (au is null or au > coalesce($3::date, core.jour(insee)))
returning au
