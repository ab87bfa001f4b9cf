-- Les inhumations, dépôts d'urne, scellements et dispersions d'un cimetière ; avec eux, les défunts repris d'anciens registres.
-- Les cinq mille dernières inscriptions, dans l'ordre ; « total » est le nombre de toutes.
-- rows 5000
-- param id: uuid
-- result total: integer
-- result numero: text
-- result le: date
-- result annee: integer
-- result genre: text
-- result forme: text
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result naissance: date
-- result naissance_annee: integer
-- result deces_le: date
-- result deces_annee: integer
-- result emplacement: text
-- result entreprise: text
select r.total, r.numero, r.le, r.annee, r.genre, r.forme, d.libelles ->> 'civilite' as civilite, d.prenoms, d.nom, d.nom_usage,
    d.naissance, d.naissance_annee, d.deces_le, d.deces_annee, r.emplacement, r.entreprise
from (
    select u.*, count(*) over () as total
    from (
        select o.numero, o.realisee_le as le, null::bigint as annee, o.libelles ->> 'genre' as genre,
            o.libelles ->> 'forme' as forme, o.defunt, case when e.allee is null then concat_ws(' ', e.libelles ->> 'secteur', e.titre) else e.titre end as emplacement, o.libelles ->> 'entreprise' as entreprise
        from {{operation}} o
        join {{emplacement}} e on e.id = o.emplacement
        where e.cimetiere = :id and o.etat = 'realisee'
            and o.genre in ('inhumation', 'depot_urne', 'scellement', 'dispersion', 'depot_provisoire')
        union all
        select null::text as numero, s.du as le, s.du_annee as annee, 'Reprise' as genre,
            s.libelles ->> 'forme' as forme, s.defunt, case when e.allee is null then concat_ws(' ', e.libelles ->> 'secteur', e.titre) else e.titre end as emplacement, null::text as entreprise
        from {{sejour}} s
        join {{emplacement}} e on e.id = s.emplacement
        where e.cimetiere = :id and s.entree is null and not s.annule and e.nature <> 'ossuaire'
    ) u
    order by coalesce(u.le, make_date(u.annee::integer, 1, 1)) desc nulls last, u.numero desc nulls last
    limit 5000
) r
join {{defunt}} d on d.id = r.defunt
order by coalesce(r.le, make_date(r.annee::integer, 1, 1)) nulls first, r.numero nulls first, d.nom, d.prenoms
