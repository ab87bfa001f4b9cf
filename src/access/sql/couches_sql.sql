select couche from core.objet where couche is not null order by couche
