-- How many events an object has since a transaction, at most $3, and whether one asks for everything to be read again.
select count(*), coalesce(bool_or(e.cles is null), false)
from (select cles from core.changement where transaction >= $1::text::xid8 and objet = $2 limit $3) e
