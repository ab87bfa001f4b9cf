select code as valeur, libelle
from core.code
where nomenclature = $1
    and (valide_du is null or valide_du <= core.jour(''))
    and (valide_au is null or valide_au > core.jour(''))
    and ($2::text is null or core.cherchable(libelle) like core.cherchable($2) or core.cherchable(code) like core.cherchable($2))
order by ordre, code
limit $3
