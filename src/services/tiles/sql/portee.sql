-- Whose rows who asks may see, and whether it sees a change of them that is not among those of $3, or that is no longer told.
select acces.ma_collectivite(), coalesce((select acces.mes_communes(o.mission) from core.objet o where o.nom = $1), '{}')::text[],
    exists (select from core.changement c where c.transaction >= $2::text::xid8 and c.objet = $1 and c.id <> all ($3))
        or core.changements_oublies() >= $2::text::xid8
