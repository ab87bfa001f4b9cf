-- Factures et avoirs, leur facture d'origine, et ce que les avoirs de celle-ci font ensemble ; d'une rétrocession, ce qu'elle rend.
select f.id, f.genre, (f.total * 100)::bigint as total, o.etat as origine, (coalesce(o.total, 0) * 100)::bigint as origine_total,
    (100 * coalesce((select sum(a.total) from cimetiere.facture a where a.origine = f.origine and a.genre = 'avoir'
        and a.archivee_le is null and (a.etat <> 'annulee') and (a.id = f.id or a.etat <> 'projet')), 0))::bigint as rendu,
    (100 * coalesce((select sum(a.total) from cimetiere.facture a where a.origine = f.id and a.genre = 'avoir'
        and a.archivee_le is null and a.etat in ('emise', 'payee', 'soldee')), 0))::bigint as deja_rendu,
    case when c.genre = 'retrocession' then (c.rembourse * 100)::bigint end as retrocession
from cimetiere.facture f left join cimetiere.facture o on o.id = f.origine left join cimetiere.contrat c on c.id = f.contrat
where f.id = any ($1)
