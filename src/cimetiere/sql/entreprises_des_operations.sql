-- L'entreprise d'une opération, et le jour où elle est prévue.
select o.id, e.nom, e.pompes_funebres, nullif(btrim(e.habilitation), '') as habilitation, e.habilitation_fin,
    coalesce(o.prevue_le, core.jour(coalesce(o.insee, ''))) as le
from cimetiere.operation o join cimetiere.entreprise e on e.id = o.entreprise
where o.id = any ($1)
