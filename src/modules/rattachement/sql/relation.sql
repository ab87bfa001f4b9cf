select relation from core.couche where id = $1 and relation is not null
