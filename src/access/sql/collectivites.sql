select c.id, c.code, c.nom, c.genre, c.siren, c.fermee_le,
    (select count(distinct t.insee) from acces.territoire t
        where t.collectivite = c.id and t.du <= core.jour(t.insee) and (t.au is null or t.au > core.jour(t.insee))) as communes,
    (select count(distinct a.utilisateur) from acces.attribution a
        join acces.utilisateur u on u.id = a.utilisateur and u.actif
        where a.collectivite = c.id and a.du <= core.jour('') and (a.au is null or a.au > core.jour(''))) as comptes
from acces.collectivite c
where $1::text is null or c.code = $1
order by c.fermee_le is not null, c.nom, c.code
