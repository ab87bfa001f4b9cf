select id, code from acces.collectivite
