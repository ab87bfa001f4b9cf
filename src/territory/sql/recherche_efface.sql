delete from core.recherche where insee = any($1)
