-- Les tarifs de concession en vigueur le jour de l'échéance, pour la nature et la surface de l'emplacement.
-- param emplacement: uuid
-- param fin_le: date
-- param surface: decimal
-- result libelle: text
-- result duree: text
-- result annees: integer
-- result hors_commune: boolean
-- result deliberation_le: date
-- result prix: decimal
select t.libelle, t.duree, t.annees, t.hors_commune, t.deliberation_le,
    t.prix + greatest(coalesce(:surface, e.surface, t.surface_base) - t.surface_base, 0) * t.prix_m2 as prix
from {{emplacement}} e
join {{tarif}} t on t.usage = 'concession' and (t.nature is null or t.nature = e.nature)
where e.id = :emplacement and t.effet_le <= :fin_le and (t.fin_le is null or t.fin_le > :fin_le)
order by t.hors_commune, t.prix, t.libelle
