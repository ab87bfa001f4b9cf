-- Où repose chaque défunt, et depuis quand : son séjour en cours, et le premier de tous ; ce qui fut compensé n'est rien.
select d.id,
    (select s.emplacement from cimetiere.sejour s
        where s.defunt = d.id and s.archivee_le is null and not s.annule and s.au is null
        order by s.du desc nulls last, s.creee_le desc, s.id limit 1) as emplacement,
    p.du as inhume_le,
    case when p.du is null then p.du_annee end as inhume_annee
from cimetiere.defunt d
left join lateral (select s.du, s.du_annee from cimetiere.sejour s
    where s.defunt = d.id and s.archivee_le is null and not s.annule
    order by coalesce(s.du, make_date(s.du_annee, 12, 31)) nulls last, s.id limit 1) p on true
where d.id = any ($1)
