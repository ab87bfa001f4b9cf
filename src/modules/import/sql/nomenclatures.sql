select c.nomenclature, c.code, c.libelle, c.correspondances,
    (c.valide_du is null or c.valide_du <= core.jour('')) and (c.valide_au is null or c.valide_au > core.jour('')) as valide
from core.code c
where c.nomenclature = any ($1)
order by c.ordre
