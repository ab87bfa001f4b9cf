with voie as (
    select insee, voie as nom, complement,
        case when bool_or(numero is not null) then 'voie' else min(genre) end as genre,
        (array_agg(geom order by (numero is null) desc) filter (where geom is not null))[1] as geom
    from stage_adresse
    where insee = any($1)
    group by insee, voie, complement
)
insert into adresse.voie (insee, nom, complement, genre, geom)
select insee, nom, complement, genre, geom
from voie
on conflict (insee, nom, complement) do update
set genre = excluded.genre, geom = excluded.geom
where (voie.genre, voie.geom) is distinct from (excluded.genre, excluded.geom)
