select id, le, transaction::text, login, utilisateur, collectivite, canal, action, objet, cle, finalite, details::text, rang, sceau
from journal.acte
where rang > $1
    and rang <= $2
order by rang
