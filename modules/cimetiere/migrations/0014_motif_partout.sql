-- Un motif écrit peut passer une règle que la loi ne laisse pas passer : une date fausse au registre, une dérogation reçue par
-- téléphone. La collectivité le refuse en ôtant ce réglage.

alter table reglage add column motif_partout boolean not null default true;
comment on column reglage.motif_partout is 'Un motif écrit passe aussi les règles de date d''une inhumation et d''une procédure';
