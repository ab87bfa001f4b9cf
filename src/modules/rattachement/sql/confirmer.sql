with attendu as (
    select r.*, greatest(r.valide_du, coalesce(b.millesime, core.jour(r.insee))) as jour
    from core.rattachement r
    left join core.import_batch b on b.id = r.batch
    where r.id = $1
), ferme as (
    update core.rattachement r
    set valide_au = a.jour, etat = 'sur', propose = '[]'
    from attendu a
    where r.id = a.id
)
insert into core.rattachement (collectivite, insee, objet, cle, couche, cle_entite, role, valide_du, geom_au_lien, batch)
select a.collectivite, a.insee, a.objet, a.cle, a.couche, c.cle, a.role, a.jour, core.entite(a.couche, c.cle), a.batch
from attendu a
cross join unnest($2::text[]) c (cle)
on conflict do nothing
