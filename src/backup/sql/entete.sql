select
    core.storage_srid() as srid,
    (select valeur from core.parametre where nom = 'base') as base,
    current_setting('server_version') as postgresql,
    current_setting('server_version_num')::integer / 10000 as majeure,
    (select extversion from pg_catalog.pg_extension where extname = 'postgis') as postgis
