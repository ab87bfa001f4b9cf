select $2::integer as annee, n.numero, n.libelle
from core.prendre_numero($1, $2, $3, $4, $5, $6, $7) n
