update core.anomalie a set levee_le = now(), levee_par = $7
where a.objet = $1 and a.cle = any ($2) and a.champ = any ($3) and a.levee_le is null
    and not exists (
        select from unnest($4::uuid[], $5::text[], $6::text[]) n (cle, champ, motif)
        where n.cle = a.cle and n.champ = a.champ and n.motif = a.motif)
