-- finage_backup reads everything that pg_dump reads: sequences too, and the list of migrations.
do $$
declare
    s text;
begin
    foreach s in array array['core', 'cadastre', 'adresse', 'acces', 'journal'] loop
        execute format('grant select on all tables in schema %I to finage_backup', s);
        execute format('grant select on all sequences in schema %I to finage_backup', s);
        execute format('alter default privileges in schema %I grant select on tables to finage_backup', s);
        execute format('alter default privileges in schema %I grant select on sequences to finage_backup', s);
    end loop;
end $$;
grant select on _sqlx_migrations to finage_backup;
