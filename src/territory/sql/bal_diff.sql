select count(*) filter (where t.cle is null),
    count(*) filter (where s.cle is null),
    count(*) filter (
        where s.cle is not null and t.cle is not null
            and (
                s.voie is distinct from t.nom
                or s.complement is distinct from t.complement
                or s.numero is distinct from t.numero
                or s.suffixe is distinct from t.suffixe
                or s.position is distinct from t.position
                or s.parcelles is distinct from t.parcelles
                or s.certifiee is distinct from t.certifiee
                or s.geom is distinct from t.geom
            )
    )
from (select * from stage_adresse where numero is not null) s
full join (
    select a.*, v.nom, v.complement
    from adresse.adresse a
    join adresse.voie v on v.id = a.voie
    where a.insee = any($1)
) t using (insee, cle)
