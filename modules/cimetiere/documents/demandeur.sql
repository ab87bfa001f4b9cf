-- Qui demande.
-- param demandeur: uuid
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result adresse: text
-- result code_postal: text
-- result ville: text
select p.libelles ->> 'civilite' as civilite, p.prenoms, p.nom, p.nom_usage, p.adresse, p.code_postal, p.ville
from {{personne}} p
where p.id = :demandeur
