-- Réclamations reçues pour l'objet, de la plus ancienne à la plus récente.
-- param id: uuid
-- result recue_le: date
-- result motif: text
select r.recue_le, r.motif
from {{reclamation}} r
where r.objet = :id
order by r.recue_le, r.id
