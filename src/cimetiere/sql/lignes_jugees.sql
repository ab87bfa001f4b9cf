-- Lignes, et l'état de leur facture.
select l.id, f.etat from cimetiere.ligne_facture l join cimetiere.facture f on f.id = l.facture where l.id = any ($1)
