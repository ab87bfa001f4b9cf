insert into core.correspondance as c (collectivite, objet, signature, correspondance, retenue_par)
values ($1, $2, $3, $4, $5)
on conflict (collectivite, objet, signature) do update
    set correspondance = excluded.correspondance, retenue_le = now(), retenue_par = excluded.retenue_par
    where c.correspondance <> excluded.correspondance
