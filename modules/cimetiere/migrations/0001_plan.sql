-- Le plan : cimetières, secteurs, allées, emplacements.

create table cimetiere (
    id uuid primary key default gen_random_uuid(),
    libelle varchar(120) not null,
    adresse text,
    ouvert_le date,
    ferme_le date,
    site_cineraire boolean not null default false,
    observation text,
    geom geometry(MultiPolygon, 2154)
);
comment on table cimetiere is 'Cimetières';
comment on column cimetiere.libelle is 'Nom';
comment on column cimetiere.ouvert_le is 'Ouvert le';
comment on column cimetiere.ferme_le is 'Fermé le';
comment on column cimetiere.site_cineraire is 'Site cinéraire';

create table secteur (
    id uuid primary key default gen_random_uuid(),
    cimetiere uuid not null references cimetiere (id),
    libelle varchar(80) not null,
    genre text,
    geom geometry(MultiPolygon, 2154)
);
comment on table secteur is 'Secteurs';
comment on column secteur.libelle is 'Nom';
create index on secteur (cimetiere);

create table allee (
    id uuid primary key default gen_random_uuid(),
    cimetiere uuid not null references cimetiere (id),
    secteur uuid references secteur (id),
    libelle varchar(80) not null,
    genre text,
    geom geometry(MultiLineString, 2154)
);
comment on table allee is 'Allées';
comment on column allee.libelle is 'Nom';
create index on allee (cimetiere);
create index on allee (secteur);

create table emplacement (
    id uuid primary key default gen_random_uuid(),
    cimetiere uuid not null references cimetiere (id),
    secteur uuid references secteur (id),
    allee uuid references allee (id),
    numero varchar(20) not null,
    nature text not null default 'concession',
    sepulture text,
    geom geometry(MultiPolygon, 2154),
    surface numeric(8, 2) check (surface > 0),
    surface_plan numeric(10, 2),
    places_cercueil integer not null default 0 check (places_cercueil between 0 and 500),
    places_urne integer not null default 0 check (places_urne between 0 and 500),
    profondeur numeric(8, 2) check (profondeur between 0 and 10),
    vide_sanitaire boolean,
    entretien_communal boolean not null default false,
    monument_historique boolean not null default false,
    reserve_jusqu_au date,
    hors_service boolean not null default false,
    places_constatees numeric(8, 1),
    constat_le date,
    observation text,
    statut text,
    echeance date,
    annee_fin integer,
    libres_cercueil numeric(8, 1),
    libres_urne numeric(8, 1),
    gagnables numeric(8, 1)
);
comment on table emplacement is 'Emplacements';
comment on column emplacement.numero is 'Numéro';
comment on column emplacement.surface_plan is 'Surface du plan, en mètres carrés, mesurée sur le contour';
create index on emplacement (cimetiere);
create index on emplacement (secteur);
create index on emplacement (allee);
create index on emplacement (statut);
create index on emplacement (echeance);

create function mesurer_emplacement() returns trigger
    language plpgsql set search_path = pg_catalog, public as $$
begin
    new.surface_plan := round(st_area(new.geom)::numeric, 2);
    return new;
end $$;
create trigger mesurer before insert or update of geom on emplacement for each row execute function mesurer_emplacement();
