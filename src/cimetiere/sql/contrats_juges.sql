-- Ce qu'il faut savoir d'un contrat pour le juger.
select c.id, c.emplacement, c.insee, c.genre, c.precedent, c.duree, c.annees, c.classe, c.etat, c.acte_le, c.debut_le,
    c.demande_le, c.titulaire, (c.prix * 100)::bigint as prix, c.deliberation_le, c.tiers_payeur, e.nature,
    p.titulaire as titulaire_precedent, (coalesce(p.prix, 0) * 100)::bigint as prix_precedent,
    coalesce((select r.paiement from cimetiere.reglage r where r.collectivite = c.collectivite and r.archivee_le is null
        order by r.creee_le limit 1), 'titre') as paiement,
    (select coalesce(sum(f.total), 0) <= coalesce(sum(f.paye), 0) and coalesce(sum(f.total), 0) >= coalesce(c.prix, 0)
        from cimetiere.facture f where f.contrat = c.id and f.archivee_le is null and f.etat in ('emise', 'payee')) as paye,
    exists (select from cimetiere.sejour s where s.emplacement = c.emplacement and s.au is null and not s.annule
        and s.archivee_le is null) as occupe
from cimetiere.contrat c
    join cimetiere.emplacement e on e.id = c.emplacement
    left join cimetiere.contrat p on p.id = c.precedent
where c.id = any ($1)
