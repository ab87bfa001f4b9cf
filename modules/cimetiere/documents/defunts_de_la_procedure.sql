-- Les défunts qui reposent dans l'emplacement d'une procédure.
-- param id: uuid
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result naissance: date
-- result naissance_annee: integer
-- result deces_le: date
-- result deces_annee: integer
-- result du: date
-- result du_annee: integer
-- result forme: text
-- result opposition: boolean
select d.libelles ->> 'civilite' as civilite, d.prenoms, d.nom, d.nom_usage, d.naissance, d.naissance_annee,
    d.deces_le, d.deces_annee, s.du, s.du_annee, s.libelles ->> 'forme' as forme, d.opposition
from {{procedure}} p
join {{sejour}} s on s.emplacement = p.emplacement
join {{defunt}} d on d.id = s.defunt
where (p.id = :id or exists (select 1 from {{etape_procedure}} x where x.id = :id and x.procedure = p.id))
    and s.au is null and not s.annule
order by coalesce(s.du, make_date(s.du_annee::integer, 1, 1), d.deces_le, make_date(d.deces_annee::integer, 1, 1)), d.nom, d.prenoms, d.id
