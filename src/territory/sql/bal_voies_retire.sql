delete from adresse.voie v
where v.insee = any($1)
    and not exists (
        select from stage_adresse s
        where s.insee = v.insee and s.voie = v.nom and s.complement = v.complement
    )
