insert into acces.mission (collectivite, insee, du, au, mission, fondement) values ($1, $2, $3, $4, $5, $6)
