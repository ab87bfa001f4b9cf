create table lieu (
    id uuid primary key default gen_random_uuid(),
    libelle varchar(80) not null,
    armoire boolean not null default false
);
comment on table lieu is 'Lieux de dépôt';
comment on column lieu.libelle is 'Libellé';
comment on column lieu.armoire is 'Fermé à clé';

create table objet (
    id uuid primary key default gen_random_uuid(),
    numero text,
    designation varchar(200) not null,
    description text,
    categorie text not null,
    etat text not null default 'depose',
    trouve_le date not null,
    valeur numeric(10, 2),
    lieu uuid references lieu (id),
    echeance date,
    rendu_le date,
    inventeur varchar(120),
    telephone varchar(40),
    geom geometry(Point, 2154)
);
comment on table objet is 'Objets trouvés';
comment on column objet.designation is 'Désignation';
comment on column objet.trouve_le is 'Trouvé le';
comment on column objet.inventeur is 'Personne qui l''a rapporté';

create table reclamation (
    id uuid primary key default gen_random_uuid(),
    objet uuid not null references objet (id),
    recue_le date not null default current_date,
    motif text not null,
    fondee boolean
);
comment on table reclamation is 'Réclamations';
