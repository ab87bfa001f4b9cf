-- Le tarif appliqué, et le partage du prix entre la commune et le centre communal d'action sociale : toujours une ligne.
-- param tarif: uuid
-- param prix: decimal
-- result libelle: text
-- result deliberation: text
-- result deliberation_le: date
-- result pourcent: decimal
-- result ccas: decimal
-- result commune: decimal
select t.libelle, t.deliberation, t.deliberation_le, coalesce(t.part_ccas, r.part_ccas, 0) as pourcent,
    round(:prix * coalesce(t.part_ccas, r.part_ccas, 0) / 100, 2) as ccas,
    :prix - round(:prix * coalesce(t.part_ccas, r.part_ccas, 0) / 100, 2) as commune
from (select 1 as une) u
left join {{tarif}} t on t.id = :tarif
left join lateral (select g.part_ccas from {{reglage}} g order by g.creee_le limit 1) r on true
