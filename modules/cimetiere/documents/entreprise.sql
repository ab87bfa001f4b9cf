-- L'entreprise qui intervient.
-- param entreprise: uuid
-- result nom: text
-- result habilitation: text
-- result habilitation_fin: date
-- result pompes_funebres: boolean
-- result adresse: text
-- result telephone: text
select e.nom, e.habilitation, e.habilitation_fin, e.pompes_funebres, e.adresse, e.telephone
from {{entreprise}} e
where e.id = :entreprise
