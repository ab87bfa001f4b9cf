select p.insee, c.nom, p.mission, p.du, p.au, p.fondement,
    p.du <= core.jour(p.insee) and (p.au is null or p.au > core.jour(p.insee)) as en_cours
from (
    select insee, null as mission, du, au, null as fondement from acces.territoire where collectivite = $1
    union all
    select insee, mission, du, au, fondement from acces.mission where collectivite = $1
) p
join core.commune c on c.insee = p.insee
order by p.mission nulls first, c.nom, p.insee, p.du
