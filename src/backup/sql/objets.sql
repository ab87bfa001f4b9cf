select
    nom,
    relation,
    pg_catalog.obj_description(relation::regclass, 'pg_class') as titre
from core.objet
order by nom
