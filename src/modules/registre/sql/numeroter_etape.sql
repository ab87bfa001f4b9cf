update import_etape e
set champs = e.champs || jsonb_build_object($7::text, n.libelle)
from core.prendre_numeros($1, $2, $3, $4, $5, $6, array(
    select s.id from import_etape s
    where s.ligne = any ($8) and s.nouvelle and s.champs ->> $7 is null
    order by s.ligne)) n
where e.id = n.cle
