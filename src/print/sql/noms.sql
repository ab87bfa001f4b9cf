-- Names written on the plan: the écritures where there are any, else what the objects themselves say.
with cadre as (
    select st_transform(st_segmentize(st_makeenvelope($2, $3, $4, $5, $1), 500), core.storage_srid()) as boite
)
, texte as (
    select case e.genre
            when 'LIEUDIT' then 'lieu_dit' when 'NUMVOIE' then 'numero'
            when 'VOIEP' then 'voie' when 'TRONROUTE' then 'voie' when 'ZONCOMMUNI' then 'voie'
            when 'TRONFLUV' then 'eau' when 'BATIMENT' then 'batiment' else 'autre' end as genre,
        e.texte, e.angle, e.hauteur, e.geom as point
    from cadre c
    join cadastre.ecriture e on e.geom && c.boite
    where e.genre not in ('PARCELLE', 'SECTION', 'SUBDSECT', 'COMMUNE', 'SUBDFISC', 'PTCANV', 'CHARGE')
    union all
    select 'lieu_dit', l.nom, null, null, st_pointonsurface(l.geom)
    from cadre c
    join cadastre.lieu_dit l on l.geom && c.boite
    where not exists (select from cadastre.ecriture e where e.insee = l.insee and e.genre = 'LIEUDIT')
    union all
    select 'numero', a.numero::text || case when a.suffixe = '' then '' else ' ' || a.suffixe end, null, null, a.geom
    from cadre c
    join adresse.adresse a on a.geom && c.boite
    where not exists (select from cadastre.ecriture e where e.insee = a.insee and e.genre = 'NUMVOIE')
)
select t.genre, t.texte, t.angle, t.hauteur, st_x(p.point) as x, st_y(p.point) as y
from cadre c
join texte t on t.point && c.boite
cross join lateral (select st_transform(t.point, $1) as point) p
order by t.genre, t.texte, x, y
limit $6
