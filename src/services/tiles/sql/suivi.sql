-- How many events of an object since a transaction are not among those of $3, at most $4, and for how many milliseconds the oldest
-- of them has been there.
select count(*), coalesce(extract(epoch from clock_timestamp() - min(e.le)) * 1000, 0)::float8
from (select le from core.changement where transaction >= $1::text::xid8 and objet = $2 and id <> all ($3) limit $4) e
