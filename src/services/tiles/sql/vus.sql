-- Changes of an object since a transaction, at most $3.
select id from core.changement where transaction >= $1::text::xid8 and objet = $2 order by id limit $3
