select substring(contenu from $3::integer for $4::integer)
from core.travail_piece
where travail = $1 and rang = $2
