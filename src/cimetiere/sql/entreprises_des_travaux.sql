-- L'entreprise de travaux, et le jour où ils commencent.
select t.id, e.nom, e.pompes_funebres, nullif(btrim(e.habilitation), '') as habilitation, e.habilitation_fin,
    coalesce(t.debut_le, core.jour(coalesce(t.insee, ''))) as le
from cimetiere.travaux t join cimetiere.entreprise e on e.id = t.entreprise
where t.id = any ($1)
