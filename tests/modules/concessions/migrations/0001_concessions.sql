create table emplacement (
    id uuid primary key default gen_random_uuid(),
    numero varchar(20) not null,
    nature text,
    etat text not null default 'libre',
    forme geometry(Polygon, 2154)
);
comment on table emplacement is 'Emplacements';
comment on column emplacement.numero is 'Numéro';

create table contrat (
    id uuid primary key default gen_random_uuid(),
    titre varchar(100) not null,
    etat text not null default 'projet',
    montant numeric(10, 2),
    signe_le date,
    fin date,
    delai date,
    signataire text
);
comment on table contrat is 'Contrats';
