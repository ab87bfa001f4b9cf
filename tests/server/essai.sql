-- Texts sort by the rules of French, so that an order by code points is the expression's doing.
create temporary table essai (
    id integer generated always as identity primary key,
    nom text collate "fr-x-icu",
    code text collate "fr-x-icu",
    etage integer,
    rang bigint,
    surface numeric,
    actif boolean,
    depot date,
    decision date,
    vu timestamptz,
    cle uuid,
    liens uuid[],
    "nom ""d'usage""" text collate "fr-x-icu"
);
