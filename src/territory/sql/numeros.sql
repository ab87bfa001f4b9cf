select a.cle, a.voie, a.numero, a.suffixe,
    st_x(st_transform(a.geom, 4326)) as lon,
    st_y(st_transform(a.geom, 4326)) as lat
from adresse.adresse a
where a.voie = any($1)
    and a.numero = $2
    and ($3::text is null or a.suffixe = $3)
    and a.geom is not null
order by array_position($1, a.voie), a.suffixe <> '', a.suffixe
limit 20
