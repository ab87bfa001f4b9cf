-- Le contrat que celui-ci renouvelle, convertit ou remplace.
-- param precedent: uuid
-- result numero: text
-- result acte_le: date
-- result debut_le: date
-- result fin_le: date
-- result duree: text
-- result annees: integer
-- result prix: decimal
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
select c.numero, c.acte_le, c.debut_le, c.fin_le, c.duree, c.annees, c.prix,
    p.libelles ->> 'civilite' as civilite, p.prenoms, p.nom, p.nom_usage
from {{contrat}} c
left join {{personne}} p on p.id = c.titulaire
where c.id = :precedent
