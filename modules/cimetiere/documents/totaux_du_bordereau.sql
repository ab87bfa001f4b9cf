-- Ce qu'un bordereau compte par mode de paiement.
-- param id: uuid
-- param etat: text
-- param du: date
-- param au: date
-- result mode: text
-- result nombre: integer
-- result montant: decimal
select e.libelles ->> 'mode' as mode, count(*) as nombre, sum(e.montant) as montant
from {{encaissement}} e
where e.bordereau = :id or :etat = 'ouvert' and e.bordereau is null and e.le between :du and :au and e.mode <> 'titre'
group by 1
order by 1
