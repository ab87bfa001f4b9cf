with limite as (select now() - make_interval(months => $1) as avant)
select
    avant,
    coalesce(
        (select min(rang) - 1 from journal.acces where le >= avant),
        (select max(rang) from journal.acces),
        0
    ) as rang
from limite
