select insee, cle, sort, quoi
from (
    select insee, cle, sort, quoi, row_number() over (partition by insee, sort order by cle) as rang
    from stage_diff
    where couche = 'parcelle' and insee = any($1) and sort <> 'inchange'
) d
where rang <= $2
order by insee, sort, cle
