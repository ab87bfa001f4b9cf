select rang, nom, type, octets, crc32
from core.travail_piece
where travail = $1 and livree
order by rang
