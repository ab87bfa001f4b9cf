select c.nom, c.codes_postaux,
    array(
        select g.nom
        from core.collectivite_membre m
        join core.collectivite g using (siren)
        where m.insee = c.insee
        order by g.nom
    ) as groupements,
    st_xmin(b.boite) as ouest, st_ymin(b.boite) as sud, st_xmax(b.boite) as est, st_ymax(b.boite) as nord
from core.commune c
left join core.recherche r on r.genre = 'commune' and r.cle = c.insee
left join lateral (select st_transform(r.etendue, 4326) as boite) b on true
where c.insee = $1
