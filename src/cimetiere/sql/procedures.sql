-- Procédures des emplacements, et leurs étapes faites.
select p.id, p.emplacement, p.genre, p.etat, p.ouverte_le, p.ayants_droit_connus, p.contrat,
    coalesce((select array_agg(e.etape order by e.le, e.id) from cimetiere.etape_procedure e
        where e.procedure = p.id and e.archivee_le is null), '{}') as etapes,
    coalesce((select array_agg(e.le order by e.le, e.id) from cimetiere.etape_procedure e
        where e.procedure = p.id and e.archivee_le is null), '{}') as jours
from cimetiere.procedure p
where p.emplacement = any ($1) and p.archivee_le is null and p.etat <> 'arretee'
