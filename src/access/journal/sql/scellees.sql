select id, le, transaction::text, login, utilisateur, collectivite, canal, action, objet, cle, finalite, details::text, rang, sceau
from journal.acte
where rang is not null
    or sceau is not null
order by rang
