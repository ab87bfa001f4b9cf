-- Names written on the plan, a row a word: the écritures where there are any, all those of an object that has one in the
-- frame, else what the objects themselves say. A street or a stream that the plan draws comes with its shape.
with cadre as (
    select st_transform(st_segmentize(st_makeenvelope($2, $3, $4, $5, $1), 500), core.storage_srid()) as boite
)
, ecrit as (
    select distinct e.genre, e.objet
    from cadre c
    join cadastre.ecriture e on e.geom && c.boite
    where e.genre not in ('PARCELLE', 'SECTION', 'SUBDSECT', 'COMMUNE', 'SUBDFISC', 'PTCANV', 'CHARGE')
)
, nomme as (
    select e.genre, e.objet, t.nom, t.geom as trace
    from ecrit e
    left join cadastre.troncon t on t.cle = e.objet and e.genre in ('TRONROUTE', 'ZONCOMMUNI', 'TRONFLUV')
    union all
    -- Written out of the frame, seen in it.
    select 'TRONROUTE', t.cle, t.nom, t.geom
    from cadre c
    join cadastre.troncon t on t.geom && c.boite
    where t.genre in ('route', 'voie') and t.nom is not null
        and not exists (select from ecrit e where e.objet = t.cle)
)
, sans_numeros as (
    select d.insee
    from (select distinct a.insee from cadre c join adresse.adresse a on a.geom && c.boite) d
    where not exists (select from cadastre.ecriture e where e.insee = d.insee and e.genre = 'NUMVOIE')
)
, texte as (
    select case n.genre
            when 'LIEUDIT' then 'lieu_dit' when 'NUMVOIE' then 'numero'
            when 'VOIEP' then 'voie' when 'TRONROUTE' then 'voie' when 'ZONCOMMUNI' then 'voie'
            when 'TRONFLUV' then 'eau' when 'BATIMENT' then 'batiment' else 'autre' end as genre,
        n.objet, n.nom, e.texte, e.angle, e.hauteur, e.geom as point, n.trace, e.cle
    from nomme n
    left join cadastre.ecriture e on e.objet = n.objet and e.genre = n.genre
    union all
    select 'lieu_dit', l.cle, l.nom, l.nom, null, null, st_pointonsurface(l.geom), null, l.cle
    from cadre c
    join cadastre.lieu_dit l on l.geom && c.boite
    where not exists (select from cadastre.ecriture e where e.insee = l.insee and e.genre = 'LIEUDIT')
    union all
    select 'numero', a.insee || a.cle, null, a.numero::text || case when a.suffixe = '' then '' else ' ' || a.suffixe end,
        null, null, a.geom, null, a.cle
    from cadre c
    join adresse.adresse a on a.geom && c.boite
    join sans_numeros s on s.insee = a.insee
)
select t.genre, t.objet, t.nom, t.texte, t.angle, t.hauteur, st_x(p.point) as x, st_y(p.point) as y,
    -- The shape once for all the words.
    case when lag(t.objet) over ordre is distinct from t.objet and t.genre = 'voie'
        then st_asbinary(st_transform(st_clipbybox2d(t.trace, box2d(c.boite)), $1)) end as trace
from cadre c
cross join texte t
cross join lateral (select st_transform(t.point, $1) as point) p
-- Names of words go by TEX, TEX2... TEX10: the shortest key first.
window ordre as (order by t.genre, t.objet, length(t.cle), t.cle)
order by t.genre, t.objet, length(t.cle), t.cle
limit $6
