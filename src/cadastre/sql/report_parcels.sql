select cle, sort, quoi
from (
    select cle, sort, quoi, row_number() over (partition by sort order by cle) as rang
    from stage_diff
    where couche = 'parcelle' and insee = $1 and sort <> 'inchange'
) d
where rang <= $2
order by sort, cle
