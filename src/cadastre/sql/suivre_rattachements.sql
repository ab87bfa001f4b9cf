select coalesce(sum(s.reconduits), 0)::bigint as reconduits,
    coalesce(sum(s.a_confirmer), 0)::bigint as a_confirmer,
    coalesce(sum(s.perdus), 0)::bigint as perdus,
    coalesce(sum(s.retrouves), 0)::bigint as retrouves
from core.couche c
cross join lateral core.suivre_rattachements(c.id, $1) s
where c.relation like 'cadastre.%'
