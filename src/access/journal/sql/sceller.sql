update journal.acte l
set rang = n.rang, sceau = n.sceau
from unnest($1::bigint[], $2::bigint[], $3::bytea[]) n (id, rang, sceau)
where l.id = n.id
    and l.rang is null
