with trouvee as (
    select a.insee, a.cle, 'declare' as lien
    from adresse.adresse a
    where a.parcelles @> array[$1::text]
    union
    select a.insee, a.cle, 'geometrie'
    from cadastre.parcelle p
    join adresse.adresse a on st_intersects(p.geom, a.geom)
    where p.idu = $1 and a.parcelles = '{}'
)
select a.cle, a.numero, a.suffixe, v.nom as voie, t.lien,
    coalesce(st_x(st_transform(a.geom, 4326)), 0) as lon,
    coalesce(st_y(st_transform(a.geom, 4326)), 0) as lat
from trouvee t
join adresse.adresse a using (insee, cle)
join adresse.voie v on v.id = a.voie
where a.geom is not null
order by v.nom, a.numero, a.suffixe
limit 200
