create table dossier (
    id uuid primary key default gen_random_uuid(),
    titre varchar(80) not null,
    objet text,
    remarque text,
    prix numeric(10, 2),
    recu_le date,
    etat text not null,
    nom varchar(80),
    naissance date,
    temoin varchar(80),
    geom geometry(Point, 2154)
);
comment on table dossier is 'Dossiers';

create table suite (
    id uuid primary key default gen_random_uuid(),
    dossier uuid not null references dossier (id),
    texte text not null,
    reserve text
);
comment on table suite is 'Suites';
