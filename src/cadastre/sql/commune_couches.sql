select couche, source, millesime, objets::bigint as objets
from cadastre.livraison
where insee = $1 and objets > 0
union all
select 'adresse', 'bal', null::date, adresses::bigint
from adresse.livraison
where insee = $1 and adresses > 0
order by couche
