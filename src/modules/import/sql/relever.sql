insert into core.anomalie (collectivite, objet, cle, champ, motif, import)
select $1, $2, a.cle, a.champ, left(a.motif, 500), $3 from unnest($4::uuid[], $5::text[], $6::text[]) a (cle, champ, motif)
on conflict (objet, cle, champ, motif) where levee_le is null do nothing
