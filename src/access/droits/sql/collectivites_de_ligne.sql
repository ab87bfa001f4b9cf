-- Collectivités that row-level security shows a row to, and why: its owner, and those that hold the mission on its commune.
select c.code, c.nom, c.id = $1 as proprietaire
from acces.collectivite c
where (c.fermee_le is null or c.fermee_le > core.jour(''))
    and (c.id = $1
        or exists (
            select from acces.mission m
            join acces.territoire t on t.collectivite = m.collectivite and t.insee = m.insee
            where m.collectivite = c.id and m.mission = $3 and m.insee = $2
                and m.du <= core.jour(m.insee) and (m.au is null or m.au > core.jour(m.insee))
                and t.du <= core.jour(t.insee) and (t.au is null or t.au > core.jour(t.insee))))
order by proprietaire desc, c.nom
