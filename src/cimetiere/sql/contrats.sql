-- Contrats signés des emplacements, clos compris.
select c.id, c.emplacement, c.genre, c.precedent, c.duree, c.annees, c.classe,
    coalesce(c.debut_le, case when c.genre <> 'renouvellement' then c.acte_le end) as depart, c.acte_le, c.etat = 'signe' as court
from cimetiere.contrat c
where c.emplacement = any ($1) and c.archivee_le is null and c.etat in ('signe', 'clos')
order by c.debut_le nulls first, c.acte_le nulls first, c.id
