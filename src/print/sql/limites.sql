-- Communes, sections and feuilles that a frame touches.
with cadre as (
    select st_transform(st_segmentize(st_makeenvelope($2, $3, $4, $5, $1), 500), core.storage_srid()) as boite
), limite as (
    select 1 as rang, 'commune' as genre, coalesce(k.nom, o.nom) as nom, k.geom
    from cadre c
    join cadastre.commune k on k.geom && c.boite
    join core.commune o using (insee)
    union all
    select 2, 'section', case when s.prefixe = '000' then '' else s.prefixe || ' ' end || ltrim(s.code, '0'), s.geom
    from cadre c
    join cadastre.section s on s.geom && c.boite
    union all
    select 3, 'feuille', null, f.geom
    from cadre c
    join cadastre.feuille f on f.geom && c.boite
)
select l.genre, l.nom, st_asbinary(st_transform(l.geom, $1)) as geom
from limite l
order by l.rang, l.nom
limit $6
