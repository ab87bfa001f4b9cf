select idu
from cadastre.parcelle
where idu = any($1)
