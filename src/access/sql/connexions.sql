select s.login, u.email, c.code as collectivite, s.couches, s.cree_le, s.revoque_le
from core.sql_role s
join acces.utilisateur u on u.id = s.utilisateur
join acces.collectivite c on c.id = s.collectivite
order by s.revoque_le is not null, s.login
