-- How many events an object has since a transaction, at most $3, and whether everything is to be read again: an event asks for it, or
-- some are no longer told.
select count(*), coalesce(bool_or(e.cles is null), false) or core.changements_oublies() >= $1::text::xid8
from (select cles from core.changement where transaction >= $1::text::xid8 and objet = $2 limit $3) e
