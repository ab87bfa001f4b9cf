-- Où vont les restes que l'opération déplace.
-- param destination: uuid
-- result cimetiere: text
-- result secteur: text
-- result allee: text
-- result numero: text
-- result nature: text
select c.libelle as cimetiere, s.libelle as secteur, a.libelle as allee, e.numero, e.nature
from {{emplacement}} e
left join {{cimetiere}} c on c.id = e.cimetiere
left join {{secteur}} s on s.id = e.secteur
left join {{allee}} a on a.id = e.allee
where e.id = :destination
