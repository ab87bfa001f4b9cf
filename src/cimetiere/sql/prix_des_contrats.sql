-- Ce que vaut un contrat : ce qui fut payé du précédent, le tarif du jour qui compte (d'un renouvellement, l'échéance). Un tarif
-- que le contrat nomme passe devant, s'il convient.
select c.id, c.genre, c.etat, c.precedent, c.emplacement, c.duree, c.annees, (c.prix * 100)::bigint as prix,
    (c.prix_propose * 100)::bigint as prix_propose, (c.rembourse * 100)::bigint as rembourse, c.prix_propose::text as ecrit_prix,
    c.rembourse_propose::text as ecrit_rembourse, c.tarif_propose, c.calcul, coalesce(c.acte_le, core.jour(coalesce(c.insee, ''))) as jour,
    p.fin_le as echeance, (coalesce(p.prix, 0) * 100)::bigint as paye, (coalesce(ccas.part, 0) * 100)::bigint as part_ccas,
    (coalesce(c.surface, e.surface) * 100)::bigint as surface, t.id as tarif, t.libelle as tarif_libelle,
    (t.prix * 100)::bigint as tarif_prix, (t.surface_base * 100)::bigint as tarif_comprise, (t.prix_m2 * 100)::bigint as tarif_m2,
    coalesce(t.nombre, 0) as tarifs
from cimetiere.contrat c
    join cimetiere.emplacement e on e.id = c.emplacement
    left join cimetiere.contrat p on p.id = c.precedent
    left join lateral (select coalesce(
            (select sum(f.part_ccas) from cimetiere.facture f where f.contrat = p.id and f.archivee_le is null and f.etat in ('emise', 'payee')),
            round(p.prix * coalesce((select a.part_ccas from cimetiere.tarif a where a.id = p.tarif),
                (select r.part_ccas from cimetiere.reglage r where r.collectivite = p.collectivite and r.archivee_le is null
                    order by r.creee_le limit 1), 0) / 100, 2)) as part) ccas on p.id is not null
    left join lateral (
        select t.*, count(*) over () as nombre
        from cimetiere.tarif t
        where t.collectivite = c.collectivite and t.archivee_le is null and t.usage = 'concession' and t.duree = c.duree
            and (t.annees is null or t.annees = c.annees) and (t.nature is null or t.nature = e.nature)
            and (t.classe is null or t.classe = c.classe) and t.hors_commune = c.hors_commune
            and t.effet_le <= case when c.genre = 'renouvellement' then p.fin_le else coalesce(c.acte_le, core.jour(coalesce(c.insee, ''))) end
            and (t.fin_le is null or t.fin_le > case when c.genre = 'renouvellement' then p.fin_le else coalesce(c.acte_le, core.jour(coalesce(c.insee, ''))) end)
        order by (t.id = c.tarif and c.tarif is distinct from c.tarif_propose) desc nulls last, t.nature is null, t.classe is null,
            t.annees is null, t.effet_le desc, t.libelle, t.id
        limit 1) t on true
where c.id = any ($1)
