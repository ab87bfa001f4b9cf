-- Run by the role that administers the database, before migrations. Roles belong to the whole cluster: another
-- database may be creating them at the same moment.
do $$
declare
    r text;
begin
    foreach r in array array['finage_owner', 'finage_app', 'finage_acces', 'finage_journal', 'finage_snapshot', 'finage_backup', 'finage_sql'] loop
        begin
            if not exists (select from pg_roles where rolname = r) then
                execute format('create role %I %s', r, case when r = 'finage_sql' then 'nologin' else 'login' end);
            end if;
        exception when duplicate_object or unique_violation then
            null;
        end;
        begin
            if not pg_has_role(current_user, r, 'member') then
                execute format('grant %I to %I', r, current_user);
            end if;
        exception when unique_violation then
            null;
        end;
    end loop;
    if not exists (select from pg_extension where extname = 'postgis') then
        create extension postgis with schema public;
    end if;
    if not exists (select from pg_extension where extname = 'pg_trgm') then
        create extension pg_trgm with schema public;
    end if;
    execute format('grant create, temporary on database %I to finage_owner', current_database());
    execute format('grant temporary on database %I to finage_app', current_database());
    grant create, usage on schema public to finage_owner;
    grant usage on schema public to finage_app, finage_acces, finage_journal, finage_snapshot, finage_backup, finage_sql;
end $$;
