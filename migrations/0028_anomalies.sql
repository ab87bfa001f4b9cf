-- Anomalies end when their row is corrected, or by the hand of an agent who says why.

alter table core.anomalie
    add column levee_par uuid,
    add column note text check (note <> '' and length(note) <= 2000),
    add check (note is null or levee_le is not null);
comment on column core.anomalie.levee_par is 'Compte qui l''a levée, en corrigeant la fiche ou par une note ; nul pour la ligne de commande';
comment on column core.anomalie.note is 'Pourquoi elle est levée sans que la fiche ait changé ; nulle quand la fiche a été corrigée';
