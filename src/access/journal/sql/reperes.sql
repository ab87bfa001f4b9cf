select rang, sceau, jusque, pose_le, preuve
from journal.repere
where chaine = $1
order by rang
