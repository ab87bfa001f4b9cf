create temp table stage_adresse (
    ligne integer,
    cle text,
    insee text,
    voie text,
    genre text,
    complement text,
    numero integer,
    suffixe text,
    position text,
    parcelles text[],
    certifiee boolean,
    maj date,
    geom geometry
) on commit drop
