select id from acces.collectivite where code = $1 and (fermee_le is null or fermee_le > current_date)
