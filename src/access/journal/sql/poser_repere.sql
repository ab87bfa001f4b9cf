insert into journal.repere (chaine, rang, sceau, jusque, pose_le, preuve)
values ($1, $2, $3, $4, $5, $6)
