insert into acces.territoire (collectivite, insee, du, au) values ($1, $2, $3, $4)
