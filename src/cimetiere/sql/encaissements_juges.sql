-- Encaissements, leur facture, et ce qu'elle a reçu avec eux.
select e.id, f.etat, (f.total * 100)::bigint as total,
    (100 * (select sum(a.montant) from cimetiere.encaissement a where a.facture = e.facture))::bigint as somme
from cimetiere.encaissement e join cimetiere.facture f on f.id = e.facture
where e.id = any ($1)
