-- La facture qu'un avoir corrige, et comment la commune encaisse : toujours une ligne.
-- param origine: uuid
-- result numero: text
-- result emise_le: date
-- result paiement: text
select f.numero, f.emise_le, r.paiement
from (select 1 as une) u
left join {{facture}} f on f.id = :origine
left join lateral (select g.paiement from {{reglage}} g order by g.creee_le limit 1) r on true
