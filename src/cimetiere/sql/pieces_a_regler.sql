-- Factures émises qui attendent quelque chose : d'elles-mêmes, d'un contrat ou d'une opération.
select f.id, core.jour(f.insee)::text as le, (f.total - f.paye)::text as reste, coalesce(c.paiement_mode, o.paiement_mode, f.paiement_mode) as mode,
    coalesce(c.paiement_reference, o.paiement_reference, f.paiement_reference) as reference,
    coalesce(c.paiement_recu, o.paiement_recu, f.paiement_recu) as recu
from cimetiere.facture f
    left join cimetiere.contrat c on c.id = f.contrat and c.id = any ($1)
    left join cimetiere.operation o on o.id = f.operation and o.id = any ($1)
where (f.id = any ($1) or c.id is not null and f.genre = 'facture' or o.id is not null and f.genre = 'facture')
    and f.etat = 'emise' and f.archivee_le is null and f.total <> f.paye
order by f.emise_le, f.numero
