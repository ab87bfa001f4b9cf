-- A fictitious application in openMairie's manner: what a town would restore from its own dump.
create schema fourriere;
set local search_path = fourriere, public;
create table om_collectivite (om_collectivite integer primary key, libelle varchar(100) not null, niveau varchar(1) not null);
insert into om_collectivite values (1, 'Valbrume', '1'), (2, 'Cyprin', '1');
create table om_utilisateur (
    om_utilisateur integer primary key, nom varchar(30) not null,
    om_collectivite integer not null references om_collectivite (om_collectivite)
);
insert into om_utilisateur values (1, 'admin', 1), (2, 'agent', 2);

create table genre_vehicule (
    genre_vehicule integer primary key, code varchar(10), libelle varchar(60) not null, om_validite_debut date, om_validite_fin date
);
comment on table genre_vehicule is 'Genres de véhicules';
insert into genre_vehicule values (1, 'VP', 'Voiture', null, null), (2, '2R', 'Deux-roues', '2020-01-01', null), (3, 'CH', 'Charrette', '1900-01-01', '1950-01-01');

create table secteur (
    secteur integer primary key, libelle varchar(60) not null,
    om_collectivite integer not null references om_collectivite (om_collectivite),
    geom geometry(Polygon, 2154)
);
insert into secteur values
    (1, 'Centre', 1, st_makeenvelope(840500, 6518500, 842000, 6520000, 2154)),
    (2, 'Port', 2, st_makeenvelope(850500, 6518500, 852000, 6520000, 2154));

create table vehicule (
    vehicule integer primary key,
    immatriculation varchar(12) not null,
    genre_vehicule integer not null references genre_vehicule (genre_vehicule),
    secteur integer references secteur (secteur),
    om_collectivite integer not null references om_collectivite (om_collectivite),
    om_utilisateur integer not null references om_utilisateur (om_utilisateur),
    enleve_le date not null,
    montant_frais numeric(8, 2),
    restitue boolean not null default false,
    constat_om_html text,
    geom geometry(Point, 27572)
);
comment on table vehicule is 'Véhicules enlevés';
comment on column vehicule.immatriculation is 'Immatriculation';
comment on column vehicule.enleve_le is 'Enlevé le';
create unique index on vehicule (immatriculation);
insert into vehicule values
    (10, 'AA-101-AA', 1, 1, 1, 1, '2026-03-01', 120.50, false, '<p>Gêne le <b>marché</b></p>', st_transform(st_setsrid(st_makepoint(841000, 6519000), 2154), 27572)),
    (11, 'BB-102-BB', 2, 2, 2, 2, '2026-04-01', null, true, null, st_transform(st_setsrid(st_makepoint(851000, 6519000), 2154), 27572)),
    (12, 'CC-103-CC', 1, null, 1, 1, '2026-05-01', 80, false, null, null);

create table visite (
    visite integer primary key,
    vehicule integer not null references vehicule (vehicule),
    date_visite date not null,
    heure time,
    numero_pv varchar(20),
    rapport_om_htmletat text
);
comment on table visite is 'Visites d''expert';
insert into visite values (5, 10, '2026-03-02', '09:30', 'PV-1', null), (6, 11, '2026-04-03', null, 'PV-2', null);

create table photo (
    photo integer primary key, visite integer not null references visite (visite), legende text not null, contenu bytea not null
);
insert into photo values (1, 5, 'Aile avant', '\x00'), (2, 6, 'Selle', '\x00');

create table tarif (
    tarif integer primary key, libelle varchar(60) not null, montant numeric(8, 2) not null,
    om_validite_debut date, om_validite_fin date,
    om_collectivite integer not null references om_collectivite (om_collectivite)
);
insert into tarif values (1, 'Garde 2020', 5, '2020-01-01', '2026-01-01', 1), (2, 'Garde 2026', 6, '2026-01-01', null, 1), (3, 'Garde', 4, null, null, 2);
