select a.id, u.id as utilisateur, u.email, u.nom, u.actif, r.code as role, r.libelle as role_libelle, c.code as collectivite,
    a.communes, a.finalites, a.du, a.au, a.du <= core.jour('') as en_cours, p.email as cree_par, v.vu_le,
    coalesce(a.au <= core.jour('') + 30, false) as expire_bientot,
    a.cree_le < now() - interval '1 month' and (v.vu_le is null or v.vu_le < a.cree_le) as jamais_servie,
    u.cree_le < now() - interval '6 months' and (v.vu_le is null or v.vu_le < now() - interval '6 months') as compte_absent
from acces.attribution a
join acces.utilisateur u on u.id = a.utilisateur
join acces.role r on r.id = a.role
join acces.collectivite c on c.id = a.collectivite
left join acces.utilisateur p on p.id = a.cree_par
-- A session, or a token of a program.
cross join lateral (
    select greatest(u.vu_le,
        (select max(s.vue_le) from acces.session s where s.utilisateur = u.id),
        (select max(j.vu_le) from acces.jeton j where j.utilisateur = u.id)) as vu_le
) v
where (a.au is null or a.au > core.jour('')) and ($1::integer is null or a.collectivite = $1) and ($2::uuid is null or u.id = $2)
order by c.code, u.nom, u.email, a.du, a.id
