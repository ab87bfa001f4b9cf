-- Policies ask these once a query: PL/pgSQL keeps its plans for the session, and each asks the other once, not once a row.
create or replace function acces.ma_collectivite() returns integer
    language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return coalesce(
        (select r.collectivite from core.sql_role r where r.login = session_user and r.revoque_le is null),
        case when acces.application() then nullif(current_setting('finage.collectivite', true), '')::integer end);
end $$;
create or replace function acces.application() returns boolean
    language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return pg_has_role(session_user, 'finage_app', 'member')
        and not exists (select from core.sql_role where login = session_user);
end $$;
create or replace function acces.mes_communes(mission text) returns text[]
    language plpgsql stable security definer set search_path = pg_catalog as $$
declare
    moi integer := acces.ma_collectivite();
begin
    return (
        select coalesce(array_agg(distinct m.insee), '{}')
        from acces.mission m
        join acces.territoire t on t.collectivite = m.collectivite and t.insee = m.insee
            and t.du <= core.jour(t.insee) and (t.au is null or t.au > core.jour(t.insee))
        where m.collectivite = moi and m.mission = mes_communes.mission
            and m.du <= core.jour(m.insee) and (m.au is null or m.au > core.jour(m.insee)));
end $$;
create or replace function acces.mon_territoire() returns text[]
    language plpgsql stable security definer set search_path = pg_catalog as $$
declare
    moi integer := acces.ma_collectivite();
begin
    return (
        select coalesce(array_agg(distinct t.insee), '{}') from acces.territoire t
        where t.collectivite = moi
            and t.du <= core.jour(t.insee) and (t.au is null or t.au > core.jour(t.insee)));
end $$;
