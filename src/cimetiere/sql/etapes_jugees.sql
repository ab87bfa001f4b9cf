-- Étapes, et celles de la même procédure qui sont du même genre.
select e.id, e.procedure, e.etape, e.le, e.archivee_le is not null as rangee, e.insee,
    coalesce((select array_agg(a.le order by a.le) from cimetiere.etape_procedure a
        where a.procedure = e.procedure and a.etape = e.etape and a.id <> e.id and a.archivee_le is null), '{}') as deja,
    coalesce((select r.motif_partout from cimetiere.reglage r where r.collectivite = e.collectivite
        and r.archivee_le is null order by r.creee_le limit 1), true) as motif_partout
from cimetiere.etape_procedure e where e.id = any ($1)
