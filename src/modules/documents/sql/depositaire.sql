select depose_par from core.travail where id = $1
