select
    s.login,
    a.rolpassword as verificateur,
    a.rolconnlimit as limite,
    a.rolvaliduntil::text as jusque,
    coalesce(r.rolconfig, '{}') as reglages
from core.sql_role s
join pg_catalog.pg_authid a on a.rolname = s.login
join pg_catalog.pg_roles r on r.oid = a.oid
where s.revoque_le is null
order by s.login
