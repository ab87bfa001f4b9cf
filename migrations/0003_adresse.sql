-- Addresses of the Base Adresse Locale.

create schema adresse;
comment on schema adresse is 'Adresses (Base Adresse Locale)';

create table adresse.voie (
    id bigint generated always as identity primary key,
    insee text not null references core.commune,
    nom text not null,
    genre text not null check (genre in ('voie', 'lieu_dit')),
    complement text not null default '',
    geom geometry(Point, 2154),
    unique (insee, nom, complement)
);
comment on table adresse.voie is 'Voies et lieux-dits adressés';
comment on column adresse.voie.complement is 'Lieu-dit complémentaire qui distingue deux voies de même nom';

create table adresse.adresse (
    cle text not null,
    insee text not null references core.commune,
    voie bigint not null references adresse.voie on delete cascade,
    numero integer not null check (numero between 0 and 9999),
    suffixe text not null default '',
    position text,
    parcelles text[] not null default '{}',
    certifiee boolean,
    maj date,
    geom geometry(Point, 2154),
    primary key (insee, cle)
);
comment on table adresse.adresse is 'Adresses numérotées, avec leur position préférée';
comment on column adresse.adresse.cle is 'Clé d''interopérabilité de la BAL, unique dans sa commune';
comment on column adresse.adresse.parcelles is 'Parcelles déclarées par la commune (idu)';

create index adresse_geom_idx on adresse.adresse using gist (geom);
create index adresse_voie_idx on adresse.adresse (voie, numero);
create index adresse_insee_idx on adresse.adresse (insee);
create index adresse_parcelles_idx on adresse.adresse using gin (parcelles);

create table adresse.livraison (
    insee text primary key references core.commune,
    batch uuid not null references core.import_batch,
    adresses integer not null,
    importe_le timestamptz not null default now()
);
comment on table adresse.livraison is 'Dernière BAL importée de chaque commune';
