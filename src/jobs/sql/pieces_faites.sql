select rang, octets
from core.travail_piece
where travail = $1
