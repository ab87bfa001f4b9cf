-- Un contrat, et ce que sa facture en dit.
select c.id, c.genre, case when c.tiers_payeur then coalesce(c.payeur, c.titulaire) else c.titulaire end as destinataire,
    c.prix::text as prix, c.rembourse::text as rembourse, c.tarif,
    left(upper(left(l.libelle, 1)) || substr(l.libelle, 2), 200) as libelle,
    (select f.id from cimetiere.facture f where f.contrat = c.precedent and f.genre = 'facture' and f.archivee_le is null
        and f.etat in ('emise', 'payee') order by f.emise_le desc, f.id limit 1) as origine
from cimetiere.contrat c join cimetiere.emplacement e on e.id = c.emplacement
    cross join lateral (select concat(
        case c.genre when 'renouvellement' then 'renouvellement, ' when 'conversion' then 'conversion, '
            when 'retrocession' then 'rétrocession, ' end,
        case e.nature when 'columbarium' then 'case de columbarium' when 'cavurne' then 'cavurne' when 'enfeu' then 'enfeu'
            else 'concession' end,
        case c.duree when 'temporaire' then ' de ' || coalesce(c.annees, 15) || ' ans' when 'trentenaire' then ' de trente ans'
            when 'cinquantenaire' then ' de cinquante ans' when 'perpetuelle' then ' perpétuelle' else ' de cent ans' end,
        ', ' || e.repere, ' (contrat ' || c.numero || ')') as libelle) l
where c.id = any ($1)
