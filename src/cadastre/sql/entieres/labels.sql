-- The labels of a zoom, {zoom}: the same as those of the layer's tiles, whole.
select s.cle, s.genre, s.texte, s.angle, s.taille, s.idu, s.symbole, st_asewkb(s.point)
from (
    select 'commune:' || c.insee as cle, 'commune' as genre, coalesce(c.nom, k.nom) as texte, null::float8 as angle,
        null::float8 as taille, null::text as idu, null::text as symbole, st_pointonsurface(c.geom) as point
    from cadastre.commune c join core.commune k using (insee)
    where {zoom} between 8 and 13
    union all
    select 'section:' || c.id, 'section', case when c.prefixe = '000' then '' else c.prefixe || ' ' end || ltrim(c.code, '0'),
        null, null, null, null, st_pointonsurface(c.geom)
    from cadastre.section c
    where {zoom} between 12 and 16
    union all
    select 'ecriture:' || e.cle,
        case e.genre
            when 'PARCELLE' then 'parcelle' when 'LIEUDIT' then 'lieu_dit'
            when 'VOIEP' then 'voie' when 'TRONROUTE' then 'voie' when 'ZONCOMMUNI' then 'voie'
            when 'TRONFLUV' then 'eau' when 'BATIMENT' then 'batiment' else 'autre' end,
        e.texte, e.angle, e.hauteur, case when e.genre = 'PARCELLE' then e.objet end, null, e.geom
    from cadastre.ecriture e
    where case
        when e.genre = 'LIEUDIT' then {zoom} >= 14
        when e.genre in ('VOIEP', 'TRONROUTE', 'ZONCOMMUNI', 'TRONFLUV') then {zoom} >= 15
        when e.genre = 'PARCELLE' then {zoom} >= 17
        when e.genre in ('SECTION', 'SUBDSECT', 'NUMVOIE', 'COMMUNE', 'SUBDFISC', 'PTCANV') then false
        else {zoom} >= 17 end
    union all
    select 'parcelle:' || p.idu, 'parcelle', p.numero::text, null, null, p.idu, null, st_pointonsurface(p.geom)
    from cadastre.parcelle p
    where {zoom} >= 17 and not exists (select from cadastre.ecriture e where e.objet = p.idu)
    union all
    select 'lieu_dit:' || l.cle, 'lieu_dit', l.nom, null, null, null, null, st_pointonsurface(l.geom)
    from cadastre.lieu_dit l
    where {zoom} >= 14 and not exists (select from cadastre.ecriture e where e.insee = l.insee and e.genre = 'LIEUDIT')
    union all
    select 'symbole:' || d.cle, 'symbole', null, 360 - coalesce(d.orientation, 0), null, null, d.symbole,
        case when st_dimension(d.geom) = 0 then d.geom else st_pointonsurface(d.geom) end
    from cadastre.detail d
    where {zoom} >= 16 and d.symbole is not null and d.genre in ('point', 'surface')
) s
