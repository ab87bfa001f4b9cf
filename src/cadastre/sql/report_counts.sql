select couche,
    count(*) filter (where sort <> 'retire') as lus,
    count(*) filter (where sort = 'ajoute') as ajoutes,
    count(*) filter (where sort = 'retire') as retires,
    count(*) filter (where sort = 'modifie') as modifies,
    count(*) filter (where sort = 'inchange') as inchanges
from stage_diff
where insee = $1
group by couche
order by couche
