select extract(year from core.jour(coalesce($1, (acces.mon_territoire())[1], '')))::integer
