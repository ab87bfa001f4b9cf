-- Which database this is, the transaction before which every other has ended for who looks now, and the last whose changes are no
-- longer told.
select concat_ws(' ', (select left(valeur, 8) from core.parametre where nom = 'base'),
        (select system_identifier from pg_control_system()), (select oid from pg_database where datname = current_database())),
    pg_snapshot_xmin(pg_current_snapshot())::text, core.changements_oublies()::text
