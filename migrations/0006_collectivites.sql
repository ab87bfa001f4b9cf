-- Whose row it is: collectivités, their territory and their missions, each with dates; and who is asking.
-- A row is visible to the collectivité that owns it, and to those that hold its mission on its commune today.

grant usage on schema core to finage_acces, finage_journal, finage_sql;
grant select on core.commune, core.commune_ancienne, core.parametre, core.couche to finage_acces, finage_journal, finage_sql;
grant usage on schema cadastre, adresse to finage_sql;
grant select on all tables in schema cadastre, adresse to finage_sql;
alter default privileges in schema cadastre, adresse grant select on tables to finage_sql;

create schema acces;
comment on schema acces is 'Collectivités, comptes et droits';
grant usage on schema acces to finage_app, finage_acces, finage_backup, finage_journal, finage_sql;
alter default privileges in schema acces grant select on tables to finage_backup;
alter default privileges in schema acces grant select, insert, update, delete on tables to finage_acces;

create table acces.collectivite (
    id integer generated always as identity primary key,
    code text not null unique check (code ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    nom text not null check (nom <> ''),
    genre text not null check (genre in ('commune', 'epci', 'syndicat', 'service_commun', 'departement', 'autre')),
    siren text unique check (siren ~ '^[0-9]{9}$'),
    fermee_le date,
    creee_le timestamptz not null default now()
);
comment on table acces.collectivite is 'Collectivités qui travaillent dans ce Finage (core.collectivite est la liste nationale)';
comment on column acces.collectivite.code is 'Nom court, dans les commandes et les adresses : 13004, ccvo';
comment on column acces.collectivite.fermee_le is 'Jour à partir duquel plus personne n''agit pour elle ; ses données restent';

create table acces.territoire (
    collectivite integer not null references acces.collectivite,
    insee text not null references core.commune,
    du date not null,
    au date check (au > du),
    primary key (collectivite, insee, du)
);
comment on table acces.territoire is 'Communes du territoire d''une collectivité : une commune est dans un groupement tant que son code y figure';
comment on column acces.territoire.au is 'Premier jour où la commune n''en fait plus partie ; nul tant qu''elle y est';
create index on acces.territoire (insee);

create table acces.mission (
    collectivite integer not null references acces.collectivite,
    mission text not null check (mission ~ '^[a-z][a-z0-9_]*$'),
    insee text not null references core.commune,
    du date not null,
    au date check (au > du),
    fondement text,
    primary key (collectivite, mission, insee, du)
);
comment on table acces.mission is 'Missions qu''une collectivité exerce sur des communes : un EPCI instruit pour douze communes et gère l''assainissement de vingt';
comment on column acces.mission.fondement is 'Compétence transférée, convention… et sa référence';
comment on column acces.mission.au is 'Premier jour où la mission n''est plus exercée ; nul tant qu''elle l''est';

create table core.sql_role (
    login text primary key check (login ~ '^[a-z][a-z0-9_]{2,62}$'),
    utilisateur uuid not null,
    collectivite integer not null references acces.collectivite,
    couches text[] not null default '{}',
    cree_le timestamptz not null default now(),
    revoque_le timestamptz
);
comment on table core.sql_role is 'Connexions SQL directes (QGIS, GeoServer) : à qui elles sont, pour quelle collectivité';
comment on column core.sql_role.couches is 'Couches que cette connexion modifie ; elle ne fait que lire les autres';
revoke all on core.sql_role from finage_app;
grant select, insert, update on core.sql_role to finage_acces;

create function core.jour(insee text) returns date
    language sql stable parallel safe
    as $$ select (now() at time zone case left(insee, 3)
        when '971' then 'America/Guadeloupe' when '972' then 'America/Martinique' when '973' then 'America/Cayenne'
        when '974' then 'Indian/Reunion' when '975' then 'America/Miquelon' when '976' then 'Indian/Mayotte'
        when '977' then 'America/St_Barthelemy' when '978' then 'America/Marigot' when '986' then 'Pacific/Wallis'
        when '987' then 'Pacific/Tahiti' when '988' then 'Pacific/Noumea'
        else 'Europe/Paris' end)::date $$;
comment on function core.jour is 'Jour civil dans la commune';

-- Settings are believed from the application alone: anyone may SET one.
create function acces.application() returns boolean
    language sql stable security definer set search_path = pg_catalog
    as $$ select pg_has_role(session_user, 'finage_app', 'member')
        and not exists (select from core.sql_role where login = session_user) $$;
comment on function acces.application is 'Vrai quand la connexion est celle du serveur, faux pour une connexion SQL directe';

create function acces.ma_collectivite() returns integer
    language sql stable security definer set search_path = pg_catalog
    as $$ select coalesce(
        (select r.collectivite from core.sql_role r where r.login = session_user and r.revoque_le is null),
        case when acces.application() then nullif(current_setting('finage.collectivite', true), '')::integer end) $$;
comment on function acces.ma_collectivite is 'Collectivité pour laquelle agit cette transaction ; nulle pour le public';

create function acces.mon_utilisateur() returns uuid
    language sql stable security definer set search_path = pg_catalog
    as $$ select coalesce(
        (select r.utilisateur from core.sql_role r where r.login = session_user and r.revoque_le is null),
        case when acces.application() then nullif(current_setting('finage.utilisateur', true), '')::uuid end) $$;
comment on function acces.mon_utilisateur is 'Compte qui agit dans cette transaction';

create function acces.mon_canal() returns text
    language sql stable security definer set search_path = pg_catalog
    as $$ select case
        when acces.application() then coalesce(nullif(current_setting('finage.canal', true), ''), 'application')
        else 'sql' end $$;
comment on function acces.mon_canal is 'Par où vient la demande : api, page, tuile, travail, commande, sql…';

create function acces.mon_territoire() returns text[]
    language sql stable security definer set search_path = pg_catalog
    as $$ select coalesce(array_agg(distinct t.insee), '{}') from acces.territoire t
        where t.collectivite = acces.ma_collectivite()
            and t.du <= core.jour(t.insee) and (t.au is null or t.au > core.jour(t.insee)) $$;
comment on function acces.mon_territoire is 'Communes du territoire aujourd''hui';

create function acces.mes_communes(mission text) returns text[]
    language sql stable security definer set search_path = pg_catalog
    as $$ select coalesce(array_agg(distinct m.insee), '{}') from acces.mission m
        where m.collectivite = acces.ma_collectivite() and m.mission = mes_communes.mission
            and m.du <= core.jour(m.insee) and (m.au is null or m.au > core.jour(m.insee))
            and m.insee = any (acces.mon_territoire()) $$;
comment on function acces.mes_communes is 'Communes du territoire où la mission est exercée aujourd''hui';
grant execute on all functions in schema acces to finage_app, finage_acces, finage_journal, finage_sql, finage_backup, finage_owner;
