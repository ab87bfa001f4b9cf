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
select c.libelle as cimetiere, s.libelle as secteur, a.libelle as allee, e.numero, e.nature,
    e.libelles ->> 'nature' as nature_dite, e.libelles ->> 'sepulture' as sepulture, e.surface
from {{emplacement}} e
left join {{cimetiere}} c on c.id = e.cimetiere
left join {{secteur}} s on s.id = e.secteur
left join {{allee}} a on a.id = e.allee
where e.id = :emplacement
