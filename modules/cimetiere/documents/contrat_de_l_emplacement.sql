-- Le contrat signé de l'emplacement, le plus récent.
-- param emplacement: uuid
-- result numero: text
-- result acte_le: date
-- result fin_le: date
-- result duree: text
-- result duree_dite: text
-- result classe_dite: text
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
select c.numero, c.acte_le, c.fin_le, c.duree, c.libelles ->> 'duree' as duree_dite, c.libelles ->> 'classe' as classe_dite,
    p.libelles ->> 'civilite' as civilite, p.prenoms, p.nom, p.nom_usage
from {{contrat}} c
left join {{personne}} p on p.id = c.titulaire
where c.emplacement = :emplacement and c.etat = 'signe'
order by c.debut_le desc nulls last, c.numero desc
limit 1
