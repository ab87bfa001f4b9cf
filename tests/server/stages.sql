create temp table stage_portee (insee text, feuille text, couche text);
create temp table stage_garde (couche text, cle text);
create temp table stage_diff (couche text, cle text, insee text, sort text, quoi text[]);
create temp table stage_section as select * from cadastre.section with no data;
create temp table stage_commune as select * from cadastre.commune with no data;
create temp table stage_adresse (
    ligne integer, cle text, insee text, voie text, genre text, complement text, numero integer, suffixe text, position text,
    parcelles text[], certifiee boolean, maj date, geom geometry
);
create temporary table import_etape (
    ligne bigint primary key,
    champs jsonb not null,
    id uuid not null,
    avec_cle boolean not null,
    insee text,
    brute bytea,
    geom geometry,
    nouvelle boolean not null default true
);
