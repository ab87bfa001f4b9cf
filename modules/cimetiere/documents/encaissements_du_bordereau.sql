-- Les encaissements d'un bordereau ; tant qu'il n'est pas arrêté, ceux qu'il prendrait. Jour par jour, dans l'ordre des numéros.
-- rows 10000
-- param id: uuid
-- param etat: text
-- param du: date
-- param au: date
-- result numero: text
-- result le: date
-- result facture: text
-- result debiteur: text
-- result code: text
-- result mode: text
-- result montant: decimal
-- result reference: text
-- result recu: text
select e.numero, e.le, f.numero as facture, f.libelles ->> 'destinataire' as debiteur, e.mode as code, e.libelles ->> 'mode' as mode,
    e.montant, e.reference, e.recu
from {{encaissement}} e
left join {{facture}} f on f.id = e.facture
where e.bordereau = :id or :etat = 'ouvert' and e.bordereau is null and e.le between :du and :au and e.mode <> 'titre'
order by e.le, e.numero
