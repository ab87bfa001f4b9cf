select n.numero, p.libelle, p.annule_le, p.annule_par, p.motif
from core.registre r
cross join lateral generate_series(1, r.dernier) n (numero)
left join core.registre_numero p
    on p.serie = r.serie and p.collectivite = r.collectivite and p.annee = r.annee and p.numero = n.numero
where r.serie = $1 and r.annee = $2 and r.collectivite = (select acces.ma_collectivite())
    and (p.numero is null or p.annule_le is not null)
order by n.numero
limit $3
