select
    s.login,
    null::text as verificateur,
    r.rolconnlimit as limite,
    r.rolvaliduntil::text as jusque,
    coalesce(r.rolconfig, '{}') as reglages
from core.sql_role s
join pg_catalog.pg_roles r on r.rolname = s.login
where s.revoque_le is null
order by s.login
