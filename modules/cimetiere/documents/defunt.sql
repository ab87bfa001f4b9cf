-- Le défunt d'une opération.
-- param defunt: uuid
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result naissance: date
-- result naissance_annee: integer
-- result deces_le: date
-- result deces_annee: integer
-- result lieu_deces: text
-- result contagieux: boolean
select d.libelles ->> 'civilite' as civilite, d.prenoms, d.nom, d.nom_usage, d.naissance, d.naissance_annee, d.deces_le,
    d.deces_annee, d.lieu_deces, d.contagieux
from {{defunt}} d
where d.id = :defunt
