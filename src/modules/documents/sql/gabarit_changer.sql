update core.gabarit set texte = $3, origine = $4
where collectivite = (select acces.ma_collectivite()) and objet = $1 and document = $2 and archivee_le is null
