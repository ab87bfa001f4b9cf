-- The cadastre: objects of the PCI, keyed as the DGFiP keys them (idu of 14 characters, feuille of 12, section of 10).
-- Objects without an identifier of their own have the key « feuille/rid » (EDIGEO) or a digest of their content (Etalab).

create schema cadastre;
comment on schema cadastre is 'Plan cadastral informatisé';

create table cadastre.livraison (
    insee text not null references core.commune,
    couche text not null,
    source text not null check (source in ('edigeo', 'etalab')),
    millesime date,
    srid_livre integer not null,
    objets integer not null,
    batch uuid not null references core.import_batch,
    importe_le timestamptz not null default now(),
    primary key (insee, couche)
);
comment on table cadastre.livraison is 'Dernière livraison de chaque couche d''une commune : source, millésime, SRID livré';

create table cadastre.commune (
    insee text primary key references core.commune,
    nom text,
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.commune is 'Communes du plan';

create table cadastre.prefixe_section (
    id text primary key check (length(id) = 8),
    insee text not null references core.commune,
    prefixe text not null,
    ancienne text,
    nom text,
    geom geometry(MultiPolygon, 2154)
);
comment on table cadastre.prefixe_section is 'Préfixes de sections : commune absorbée ou quartier';

create table cadastre.section (
    id text primary key check (length(id) = 10),
    insee text not null references core.commune,
    prefixe text not null check (length(prefixe) = 3),
    code text not null check (length(code) = 2),
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.section is 'Sections cadastrales';

create table cadastre.feuille (
    id text primary key check (length(id) = 12),
    insee text not null references core.commune,
    prefixe text not null check (length(prefixe) = 3),
    section text not null check (length(section) = 2),
    numero text not null check (length(numero) = 2),
    qualite text,
    confection text,
    echelle integer,
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.feuille is 'Feuilles (subdivisions de section)';
comment on column cadastre.feuille.qualite is 'Qualité du plan, code QUPL de la DGFiP (01 à 05)';
comment on column cadastre.feuille.confection is 'Mode de confection, code COPL de la DGFiP (01 à 07)';
comment on column cadastre.feuille.echelle is 'Dénominateur de l''échelle d''origine';

create table cadastre.parcelle (
    idu text primary key check (length(idu) = 14),
    insee text not null references core.commune,
    prefixe text not null check (length(prefixe) = 3),
    section text not null check (length(section) = 2),
    numero integer not null check (numero between 0 and 9999),
    contenance integer check (contenance >= 0),
    arpentee boolean,
    figuree boolean,
    feuille text,
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.parcelle is 'Parcelles';
comment on column cadastre.parcelle.contenance is 'Surface fiscale en mètres carrés (SUPF) ; distincte de la surface géométrique';
comment on column cadastre.parcelle.figuree is 'Figurée au plan (INDP 01) ou non (02)';

create table cadastre.parcelle_ancienne (
    idu text not null,
    insee text not null,
    contenance integer,
    feuille text,
    millesime date,
    motif text not null check (motif in ('retiree', 'modifiee')),
    batch uuid not null references core.import_batch,
    geom geometry(MultiPolygon, 2154) not null,
    primary key (idu, batch)
);
comment on table cadastre.parcelle_ancienne is 'Parcelles telles qu''elles étaient avant l''import qui les a retirées ou modifiées';
comment on column cadastre.parcelle_ancienne.millesime is 'Millésime du plan dont la parcelle faisait partie';

create table cadastre.subdivision_fiscale (
    cle text primary key,
    insee text not null references core.commune,
    parcelle text,
    lettre text,
    feuille text,
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.subdivision_fiscale is 'Subdivisions fiscales';

create table cadastre.charge (
    cle text primary key,
    insee text not null references core.commune,
    texte text,
    feuille text,
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.charge is 'Charges';

create table cadastre.batiment (
    cle text primary key,
    insee text not null references core.commune,
    type text,
    nom text,
    feuille text,
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.batiment is 'Bâtiments : type 01 en dur, 02 construction légère';

create table cadastre.lieu_dit (
    cle text primary key,
    insee text not null references core.commune,
    nom text not null,
    feuille text,
    cree date,
    maj date,
    geom geometry(MultiPolygon, 2154) not null
);
comment on table cadastre.lieu_dit is 'Lieux-dits';

create table cadastre.troncon (
    cle text primary key,
    insee text not null references core.commune,
    genre text not null check (genre in ('route', 'voie', 'eau')),
    nom text,
    feuille text,
    cree date,
    maj date,
    geom geometry(Geometry, 2154) not null
);
comment on table cadastre.troncon is 'Tronçons : route (surface du domaine cadastré), voie (ligne du domaine non cadastré), eau (surface)';

create table cadastre.nom_voie (
    cle text primary key,
    insee text not null references core.commune,
    nom text not null,
    feuille text,
    cree date,
    maj date,
    geom geometry(Point, 2154) not null
);
comment on table cadastre.nom_voie is 'Noms de voies et d''ensembles immobiliers (VOIEP)';

create table cadastre.numero_voirie (
    cle text primary key,
    insee text not null references core.commune,
    texte text not null,
    parcelle text,
    feuille text,
    cree date,
    maj date,
    geom geometry(Point, 2154) not null
);
comment on table cadastre.numero_voirie is 'Numéros de voirie du plan';

create table cadastre.repere (
    cle text primary key,
    insee text not null references core.commune,
    genre text not null check (genre in ('canevas', 'borne', 'boulon', 'croix', 'limite')),
    symbole text,
    orientation double precision,
    feuille text,
    cree date,
    maj date,
    geom geometry(Point, 2154) not null
);
comment on table cadastre.repere is 'Points de canevas, bornes, boulons, croix et symboles de limite';
comment on column cadastre.repere.orientation is 'Degrés, sens trigonométrique, tels que livrés (ORI)';

create table cadastre.detail (
    cle text primary key,
    insee text not null references core.commune,
    genre text not null check (genre in ('point', 'ligne', 'surface')),
    symbole text,
    texte text,
    orientation double precision,
    feuille text,
    cree date,
    maj date,
    geom geometry(Geometry, 2154) not null
);
comment on table cadastre.detail is 'Détails topographiques (TPOINT, TLINE, TSURF) et leur code de symbole SYM';

create table cadastre.ecriture (
    cle text primary key,
    insee text not null references core.commune,
    genre text not null,
    objet text not null,
    texte text not null,
    angle double precision not null,
    hauteur double precision,
    feuille text not null,
    geom geometry(Point, 2154) not null
);
comment on table cadastre.ecriture is 'Écritures du plan : texte, position et orientation voulues par le dessinateur';
comment on column cadastre.ecriture.objet is 'Clé de l''objet nommé (idu pour une parcelle)';
comment on column cadastre.ecriture.angle is 'Degrés, sens horaire depuis l''est, dans le plan livré';
comment on column cadastre.ecriture.hauteur is 'Hauteur du texte en mètres sur le terrain';

do $$
declare
    t text;
begin
    foreach t in array array['commune', 'section', 'feuille', 'parcelle', 'subdivision_fiscale', 'charge', 'batiment',
        'lieu_dit', 'troncon', 'nom_voie', 'numero_voirie', 'repere', 'detail', 'ecriture', 'parcelle_ancienne'] loop
        execute format('create index %I on cadastre.%I using gist (geom)', t || '_geom_idx', t);
    end loop;
    foreach t in array array['section', 'feuille', 'parcelle', 'subdivision_fiscale', 'charge', 'batiment',
        'lieu_dit', 'troncon', 'nom_voie', 'numero_voirie', 'repere', 'detail', 'ecriture', 'prefixe_section'] loop
        execute format('create index %I on cadastre.%I (insee)', t || '_insee_idx', t);
    end loop;
end $$;
create index parcelle_reference_idx on cadastre.parcelle (section, numero);
create index ecriture_objet_idx on cadastre.ecriture (objet);
create index numero_voirie_parcelle_idx on cadastre.numero_voirie (parcelle);
create index subdivision_fiscale_parcelle_idx on cadastre.subdivision_fiscale (parcelle);

insert into core.couche (id, libelle, audience, zoom_min, zoom_max, ordre) values
    ('communes', 'Communes', 'public', 6, 22, 10),
    ('sections', 'Sections', 'public', 11, 22, 20),
    ('feuilles', 'Feuilles', 'public', 12, 22, 30),
    ('lieux_dits', 'Lieux-dits', 'public', 12, 22, 40),
    ('parcelles', 'Parcelles', 'public', 13, 22, 50),
    ('batiments', 'Bâtiments', 'public', 14, 22, 60),
    ('troncons', 'Tronçons de route et de cours d''eau', 'public', 12, 22, 70),
    ('numeros', 'Numéros de voirie', 'public', 16, 22, 80),
    ('labels', 'Écritures', 'public', 8, 22, 90);
