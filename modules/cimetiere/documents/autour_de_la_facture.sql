-- La facture qu'un avoir corrige, comment la commune encaisse, et la commune de l'emplacement : toujours une ligne.
-- param origine: uuid
-- param contrat: uuid
-- param operation: uuid
-- result numero: text
-- result emise_le: date
-- result paiement: text
-- result commune: text
select f.numero, f.emise_le, r.paiement, n.nom as commune
from (select 1 as une) u
left join {{facture}} f on f.id = :origine
left join {{contrat}} k on k.id = :contrat
left join {{operation}} o on o.id = :operation
left join {{emplacement}} e on e.id = coalesce(k.emplacement, o.emplacement)
left join {{cimetiere}} c on c.id = e.cimetiere
left join {{core.commune}} n on n.insee = coalesce(e.insee, c.insee)
left join lateral (select g.paiement from {{reglage}} g order by g.creee_le limit 1) r on true
