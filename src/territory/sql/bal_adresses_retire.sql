delete from adresse.adresse a
where a.insee = any($1)
    and not exists (select from stage_adresse s where s.insee = a.insee and s.cle = a.cle and s.numero is not null)
