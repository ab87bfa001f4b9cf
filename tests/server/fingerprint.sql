select md5(string_agg(part, '|' order by part))
from (
    select 'parcelle' || md5(coalesce(string_agg(p::text, ',' order by idu), '')) as part from cadastre.parcelle p
    union all select 'batiment' || md5(coalesce(string_agg(b::text, ',' order by cle), '')) from cadastre.batiment b
    union all select 'feuille' || md5(coalesce(string_agg(f::text, ',' order by id), '')) from cadastre.feuille f
    union all select 'section' || md5(coalesce(string_agg(s::text, ',' order by id), '')) from cadastre.section s
    union all select 'commune' || md5(coalesce(string_agg(c::text, ',' order by insee), '')) from cadastre.commune c
    union all select 'ecriture' || md5(coalesce(string_agg(e::text, ',' order by cle), '')) from cadastre.ecriture e
    union all select 'adresse' || md5(coalesce(string_agg(a::text, ',' order by cle), '')) from adresse.adresse a
    union all select 'recherche' || md5(coalesce(string_agg(r::text, ',' order by genre, cle), '')) from core.recherche r
    union all select 'ancienne' || count(*) from cadastre.parcelle_ancienne
    union all select 'cog' || md5(string_agg(k::text, ',' order by insee)) from core.commune k
    union all select 'couche' || md5(string_agg(l::text, ',' order by id)) from core.couche l
    union all select 'batch' || count(*) from core.import_batch
) parts
