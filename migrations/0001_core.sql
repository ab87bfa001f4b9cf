-- The core: parameters, communes and collectivités of the COG, layers, imports.
-- Geometry columns are declared in 2154; core.apply_storage_srid() moves them to the database's own SRID
-- (overseas) at the end of « finage migrate », while they are empty.

create schema core;
comment on schema core is 'Socle : références partagées, couches, imports';

create table core.parametre (
    nom text primary key,
    valeur text not null
);
comment on table core.parametre is 'Paramètres propres à cette base (SRID de stockage…)';

create function core.storage_srid() returns integer
    language sql stable parallel safe
    as $$ select valeur::integer from core.parametre where nom = 'srid' $$;
comment on function core.storage_srid is 'SRID légal dans lequel toutes les géométries de la base sont stockées';

create function core.apply_storage_srid() returns void
    language plpgsql as $$
declare
    wanted integer := core.storage_srid();
    cell record;
begin
    for cell in
        select f_table_schema as s, f_table_name as t, f_geometry_column as c, type, srid
        from public.geometry_columns g
        join pg_class k on k.relname = g.f_table_name and k.relkind in ('r', 'p')
        join pg_namespace n on n.oid = k.relnamespace and n.nspname = g.f_table_schema
        where g.srid <> wanted and g.f_table_schema in ('core', 'cadastre', 'adresse')
    loop
        execute format('alter table %I.%I alter column %I type geometry(%s, %s) using st_setsrid(%I, %s)',
            cell.s, cell.t, cell.c, cell.type, wanted, cell.c, wanted);
    end loop;
end $$;
comment on function core.apply_storage_srid is 'Aligne les colonnes géométriques sur le SRID de la base';

create table core.commune (
    insee text primary key check (insee ~ '^[0-9][0-9AB][0-9]{3}$'),
    nom text not null,
    genre text not null check (genre in ('commune', 'arrondissement', 'hors_cog')),
    departement text,
    region text,
    siren text,
    codes_postaux text[] not null default '{}',
    population integer,
    commune_mere text,
    cc_srid integer,
    cc_origine text check (cc_origine in ('departement', 'geometrie')),
    cog_version text
);
comment on table core.commune is 'Communes et arrondissements municipaux du COG, et communes des fichiers importés qui n''y figurent pas';
comment on column core.commune.commune_mere is 'Commune d''un arrondissement municipal (Paris, Lyon, Marseille)';
comment on column core.commune.cc_srid is 'Zone conique conforme (3942 à 3950) où se calculent les surfaces ; outre-mer, le SRID légal';
comment on column core.commune.cc_origine is 'departement : zone du milieu du département ; geometrie : zone de la latitude moyenne des parcelles importées';

create table core.commune_ancienne (
    insee text not null,
    nom text not null,
    genre text not null check (genre in ('deleguee', 'associee')),
    chef_lieu text not null,
    primary key (insee, genre)
);
comment on table core.commune_ancienne is 'Communes déléguées et associées du COG : nomment les préfixes de sections';

create table core.collectivite (
    siren text primary key check (siren ~ '^[0-9]{9}$'),
    nom text not null,
    genre text not null,
    insee text references core.commune
);
comment on table core.collectivite is 'Collectivités : communes (insee) et établissements publics de coopération intercommunale';

create table core.collectivite_membre (
    siren text not null references core.collectivite on delete cascade,
    insee text not null references core.commune,
    primary key (siren, insee)
);
comment on table core.collectivite_membre is 'Communes membres d''un groupement';
create index on core.collectivite_membre (insee);

create table core.couche (
    id text primary key check (id ~ '^[a-z][a-z0-9_]*$'),
    libelle text not null,
    audience text not null check (audience in ('public', 'agent', 'restreint')),
    zoom_min smallint not null check (zoom_min between 0 and 22),
    zoom_max smallint not null check (zoom_max between 0 and 22),
    ordre smallint not null,
    version bigint not null default 1
);
comment on table core.couche is 'Registre des couches ; version change avec le contenu, dans la même transaction';

create table core.import_batch (
    id uuid primary key,
    format text not null,
    sources text[] not null,
    communes text[] not null default '{}',
    millesime date,
    etat text not null check (etat in ('applique', 'refuse')),
    debut timestamptz not null,
    fin timestamptz not null,
    rapport jsonb not null
);
comment on table core.import_batch is 'Imports appliqués, avec leur rapport';

create table core.quarantaine (
    id bigint generated always as identity primary key,
    batch uuid not null references core.import_batch on delete cascade,
    fichier text not null,
    couche text not null,
    objet text not null,
    motif text not null
);
comment on table core.quarantaine is 'Objets écartés d''un import, à corriger à la source';
create index on core.quarantaine (batch);

create table core.recherche (
    genre text not null check (genre in ('voie', 'lieu_dit', 'commune')),
    cle text not null,
    libelle text not null,
    insee text not null references core.commune,
    mots text not null,
    point geometry(Point, 2154),
    etendue geometry(Polygon, 2154),
    primary key (genre, cle)
);
comment on table core.recherche is 'Index de la recherche par nom : voies, lieux-dits, communes pourvues de données';
comment on column core.recherche.mots is 'Nom, commune et codes postaux normalisés, précédés d''une espace : '' rue du lavoir valbrume 99101''';
create index on core.recherche using gin (mots gin_trgm_ops);
create index on core.recherche (insee, genre);

create table core.telechargement (
    job uuid not null,
    insee text not null,
    etat text not null check (etat in ('attente', 'fait', 'echec')),
    batch uuid,
    message text,
    maj timestamptz not null default now(),
    primary key (job, insee)
);
comment on table core.telechargement is 'Avancement, commune par commune, d''un import cadastre téléchargé : repris là où il s''est arrêté';

create table core.telechargement_job (
    id uuid primary key,
    cible text not null unique,
    debut timestamptz not null default now()
);
comment on table core.telechargement_job is 'Imports téléchargés en cours, par cible (commune ou EPCI)';
alter table core.telechargement add foreign key (job) references core.telechargement_job on delete cascade;
