-- Les lignes d'une facture, dans l'ordre de leur saisie.
-- param id: uuid
-- result libelle: text
-- result quantite: decimal
-- result prix: decimal
-- result montant: decimal
-- result ccas: decimal
select l.libelle, l.quantite, l.prix, l.montant, l.ccas
from {{ligne_facture}} l
where l.facture = :id
order by l.creee_le, l.id
