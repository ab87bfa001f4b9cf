-- L'emplacement et le contrat d'une procédure, à partir d'elle ou de l'une de ses étapes.
-- param id: uuid
-- result numero: text
-- result genre: text
-- result ouverte_le: date
-- result ayants_droit_connus: boolean
-- result cimetiere: text
-- result secteur: text
-- result allee: text
-- result place: text
-- result nature: text
-- result nature_dite: text
-- result sepulture: text
-- result surface: decimal
-- result contrat: text
-- result acte_le: date
-- result fin_le: date
-- result duree: text
-- result annees: integer
-- result commune: text
select p.numero, p.genre, p.ouverte_le, p.ayants_droit_connus, m.libelle as cimetiere, s.libelle as secteur,
    a.libelle as allee, e.numero as place, e.nature, e.libelles ->> 'nature' as nature_dite,
    e.libelles ->> 'sepulture' as sepulture, e.surface, coalesce(c.numero, c.ancien_numero) as contrat, c.acte_le, c.fin_le,
    c.duree, c.annees, n.nom as commune
from {{procedure}} p
left join {{emplacement}} e on e.id = p.emplacement
left join {{cimetiere}} m on m.id = e.cimetiere
left join {{secteur}} s on s.id = e.secteur
left join {{allee}} a on a.id = e.allee
left join {{contrat}} c on c.id = p.contrat
left join {{core.commune}} n on n.insee = coalesce(e.insee, m.insee)
where p.id = :id or exists (select 1 from {{etape_procedure}} x where x.id = :id and x.procedure = p.id)
limit 1
