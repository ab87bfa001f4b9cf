-- Séjours dans les emplacements ; les cendres dispersées ne tiennent aucune place.
select s.emplacement, s.forme, coalesce(s.du, make_date(s.du_annee, 1, 1)) as du, s.au, d.mort_pour_la_france
from cimetiere.sejour s join cimetiere.defunt d on d.id = s.defunt
where s.emplacement = any ($1) and s.archivee_le is null and not s.annule and s.forme <> 'cendres'
order by du, s.id
