-- Une opération, et la redevance que le tarif du jour y met : un corps ou une urne de plus, une réduction, les mois d'un caveau
-- provisoire ; sinon aucune.
select o.id, o.demandeur as destinataire, t.id as tarif, t.prix::text as prix, q.quantite::text as quantite,
    left(concat(t.libelle, ', ', e.repere, ' (opération ', o.numero, ')'), 200) as libelle
from cimetiere.operation o
    join cimetiere.emplacement e on e.id = o.emplacement
    cross join lateral (select coalesce(o.realisee_le, o.prevue_le, core.jour(coalesce(o.insee, ''))) as jour) j
    left join lateral (select s.du from cimetiere.sejour s where s.defunt = o.defunt and s.emplacement = o.emplacement and not s.annule
        and s.archivee_le is null and (s.au is null or s.sortie = o.id) order by s.du desc nulls last limit 1) s on true
    cross join lateral (select case
        when o.genre in ('reduction', 'reunion') then 'reduction'
        when o.genre in ('exhumation', 'transfert', 'sortie') and e.nature = 'caveau_provisoire' then 'depot'
        when o.genre in ('inhumation', 'depot_urne', 'scellement') and exists (select from cimetiere.sejour a
            where a.emplacement = o.emplacement and a.defunt <> o.defunt and a.au is null and not a.annule and a.archivee_le is null)
            then 'superposition' end as usage) u
    cross join lateral (select case when u.usage = 'depot' and s.du is not null then greatest(1,
        extract(year from age(j.jour, s.du)) * 12 + extract(month from age(j.jour, s.du))
            + case when extract(day from age(j.jour, s.du)) > 0 then 1 else 0 end) else 1 end as quantite) q
    left join lateral (select t.* from cimetiere.tarif t where t.collectivite = o.collectivite and t.archivee_le is null
        and t.usage = u.usage and (t.nature is null or t.nature = e.nature) and not t.hors_commune
        and t.effet_le <= j.jour and (t.fin_le is null or t.fin_le > j.jour)
        order by t.nature is null, t.effet_le desc, t.libelle, t.id limit 1) t on true
where o.id = any ($1)
