-- Où se trouve l'emplacement, et ce qu'il est.
-- param emplacement: uuid
-- result cimetiere: text
-- result secteur: text
-- result allee: text
-- result numero: text
-- result nature: text
-- result nature_dite: text
-- result sepulture: text
-- result surface: decimal
-- result commune: text
select c.libelle as cimetiere, s.libelle as secteur, a.libelle as allee, e.numero, e.nature,
    e.libelles ->> 'nature' as nature_dite, e.libelles ->> 'sepulture' as sepulture, e.surface,
    n.nom as commune
from {{emplacement}} e
left join {{cimetiere}} c on c.id = e.cimetiere
left join {{secteur}} s on s.id = e.secteur
left join {{allee}} a on a.id = e.allee
left join {{core.commune}} n on n.insee = coalesce(e.insee, c.insee)
where e.id = :emplacement
