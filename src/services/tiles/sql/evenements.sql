-- What changed since a transaction: sequences commit out of order, so all of it is read again from there.
select id, transaction::text::bigint, objet, cles from core.changement
where transaction >= $1::text::xid8 and objet = any ($2) order by id limit $3
