select relation, mission, cle from core.objet where nom = $1
