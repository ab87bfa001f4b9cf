select id, le, transaction::text, login, utilisateur, collectivite, canal, action, objet, cle, finalite, details::text, rang, sceau
from journal.acte
where rang is null
    and sceau is null
order by id
limit $1
