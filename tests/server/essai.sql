create temporary table essai (
    id integer generated always as identity primary key,
    nom text,
    code text,
    etage integer,
    rang bigint,
    surface numeric,
    actif boolean,
    depot date,
    decision date,
    vu timestamptz,
    cle uuid,
    "nom ""d'usage""" text
);
