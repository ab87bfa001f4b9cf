select id, le, login, utilisateur, collectivite, canal, action, objet, cle, finalite, details, rang
from journal.acte
where ($1::timestamptz is null or le >= $1)
    and ($2::timestamptz is null or le < $2)
    and ($3::uuid is null or utilisateur = $3)
    and ($4::integer is null or collectivite = $4)
    and ($5::text is null or objet = $5)
    and ($6::text is null or cle = $6)
    and ($7::text is null or action = $7)
    and ($8::bigint is null or id < $8)
order by id desc
limit $9
