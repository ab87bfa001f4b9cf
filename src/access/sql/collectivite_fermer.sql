update acces.collectivite set fermee_le = coalesce($2, core.jour(''))
where code = $1 and fermee_le is null
returning fermee_le
