-- Les lignes d'une facture que son avoir rend.
select f.destinataire, f.contrat, f.operation, l.libelle, l.tarif, l.quantite::text as quantite, (-l.prix)::text as prix, (-l.ccas)::text as ccas
from cimetiere.facture f join cimetiere.ligne_facture l on l.facture = f.id and l.archivee_le is null
where f.id = any ($1)
order by l.creee_le, l.id
