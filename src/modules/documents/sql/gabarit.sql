select texte, origine, version
from core.gabarit
where collectivite = (select acces.ma_collectivite()) and objet = $1 and document = $2 and archivee_le is null
