select insee, couche,
    count(*) filter (where sort <> 'retire') as lus,
    count(*) filter (where sort = 'ajoute') as ajoutes,
    count(*) filter (where sort = 'retire') as retires,
    count(*) filter (where sort = 'modifie') as modifies,
    count(*) filter (where sort = 'inchange') as inchanges
from stage_diff
group by insee, couche
order by insee, couche
