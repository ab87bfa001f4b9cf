-- One point a label, so that none doubles at tile edges. The plan's own écritures where there are any; else a point
-- inside the object (Etalab files carry no écriture).
with tuile as (
    select $1::integer as z, st_tileenvelope($1, $2, $3) as cadre,
        st_transform(st_segmentize(st_tileenvelope($1, $2, $3, margin => 0.016), 20037508.0 / (2 ^ $1)), core.storage_srid()) as boite
), source as (
    select 'commune' as genre, coalesce(c.nom, k.nom) as texte, null::float8 as angle, null::float8 as taille,
        null::text as idu, null::text as symbole, st_pointonsurface(c.geom) as point
    from cadastre.commune c join core.commune k using (insee), tuile t
    where t.z between 8 and 13 and c.geom && t.boite
    union all
    select 'section', case when c.prefixe = '000' then '' else c.prefixe || ' ' end || ltrim(c.code, '0'),
        null, null, null, null, st_pointonsurface(c.geom)
    from cadastre.section c, tuile t
    where t.z between 12 and 16 and c.geom && t.boite
    union all
    select case e.genre
            when 'PARCELLE' then 'parcelle' when 'LIEUDIT' then 'lieu_dit'
            when 'VOIEP' then 'voie' when 'TRONROUTE' then 'voie' when 'ZONCOMMUNI' then 'voie'
            when 'TRONFLUV' then 'eau' when 'BATIMENT' then 'batiment' else 'autre' end,
        e.texte, e.angle, e.hauteur, case when e.genre = 'PARCELLE' then e.objet end, null, e.geom
    from cadastre.ecriture e, tuile t
    where e.geom && t.boite and case
        when e.genre = 'LIEUDIT' then t.z >= 14
        when e.genre in ('VOIEP', 'TRONROUTE', 'ZONCOMMUNI', 'TRONFLUV') then t.z >= 15
        when e.genre = 'PARCELLE' then t.z >= 17
        when e.genre in ('SECTION', 'SUBDSECT', 'NUMVOIE', 'COMMUNE', 'SUBDFISC', 'PTCANV') then false
        else t.z >= 17 end
    union all
    select 'parcelle', p.numero::text, null, null, p.idu, null, st_pointonsurface(p.geom)
    from cadastre.parcelle p, tuile t
    where t.z >= 17 and p.geom && t.boite
        and not exists (select from cadastre.ecriture e where e.objet = p.idu)
    union all
    select 'lieu_dit', l.nom, null, null, null, null, st_pointonsurface(l.geom)
    from cadastre.lieu_dit l, tuile t
    where t.z >= 14 and l.geom && t.boite
        and not exists (select from cadastre.ecriture e where e.insee = l.insee and e.genre = 'LIEUDIT')
    union all
    select 'symbole', null, 360 - coalesce(d.orientation, 0), null, null, d.symbole,
        case when st_dimension(d.geom) = 0 then d.geom else st_pointonsurface(d.geom) end
    from cadastre.detail d, tuile t
    where t.z >= 16 and d.geom && t.boite and d.symbole is not null and d.genre in ('point', 'surface')
)
select st_asmvt(o, 'labels', 4096, 'trace')
from (
    select s.genre, s.texte, s.angle::real as angle, s.taille::real as taille, s.idu, s.symbole,
        st_asmvtgeom(st_transform(s.point, 3857), t.cadre, 4096, 0, true) as trace
    from source s, tuile t
) o
where o.trace is not null
