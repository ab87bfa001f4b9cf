update core.anomalie set levee_le = now(), levee_par = $2, note = $3 where id = $1 and levee_le is null
