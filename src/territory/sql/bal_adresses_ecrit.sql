insert into adresse.adresse (cle, insee, voie, numero, suffixe, position, parcelles, certifiee, maj, geom)
select s.cle, s.insee, v.id, s.numero, s.suffixe, s.position, s.parcelles, s.certifiee, s.maj, s.geom
from stage_adresse s
join adresse.voie v on v.insee = s.insee and v.nom = s.voie and v.complement = s.complement
where s.numero is not null
    and s.insee = any($1)
on conflict (insee, cle) do update
set voie = excluded.voie,
    numero = excluded.numero,
    suffixe = excluded.suffixe,
    position = excluded.position,
    parcelles = excluded.parcelles,
    certifiee = excluded.certifiee,
    maj = excluded.maj,
    geom = excluded.geom
where (adresse.voie, adresse.numero, adresse.suffixe, adresse.position, adresse.parcelles, adresse.certifiee, adresse.maj, adresse.geom)
    is distinct from
    (excluded.voie, excluded.numero, excluded.suffixe, excluded.position, excluded.parcelles, excluded.certifiee, excluded.maj, excluded.geom)
