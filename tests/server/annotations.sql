insert into core.annotation (collectivite, insee, titre, geom)
select
    c.id,
    case when c.code in ('99101', '99102') then c.code end,
    'repère ' || n,
    st_setsrid(st_makepoint(842000 + (n * 7919) % 10000, 6519000 + (n * 104729::bigint) % 10000), 2154)
from generate_series(0, $1 - 1) n
join lateral (
    select id, code, row_number() over (order by code) - 1 as rang
    from acces.collectivite
    where code in ('99101', '99102', 'syndicat')
) c on c.rang = n % 3
