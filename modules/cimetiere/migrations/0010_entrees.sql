-- Les entrées des cimetières : d'où l'on part pour aller à un emplacement par les allées.

create table entree (
    id uuid primary key default gen_random_uuid(),
    cimetiere uuid not null references cimetiere (id),
    libelle varchar(80) not null,
    geom geometry(Point, 2154)
);
comment on table entree is 'Entrées';
comment on column entree.libelle is 'Nom';
create index on entree (cimetiere);
