create temporary table import_etape (
    ligne bigint primary key,
    champs jsonb not null,
    id uuid not null,
    avec_cle boolean not null,
    insee text,
    brute bytea,
    geom geometry,
    nouvelle boolean not null default true
) on commit drop
