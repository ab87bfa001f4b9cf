-- What policies ask once a statement does not keep a question about many rows from being shared between processes: these
-- functions read, in the process that asks, who acts and where.
alter function acces.application() parallel restricted;
alter function acces.ma_collectivite() parallel restricted;
alter function acces.mon_utilisateur() parallel restricted;
alter function acces.mon_territoire() parallel restricted;
alter function acces.mes_communes(text) parallel restricted;
