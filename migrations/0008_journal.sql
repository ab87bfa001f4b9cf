-- What was done: the history of each row, the journal of acts and of looks, and the events that tell caches.
-- All three are written by triggers, in the transaction of the edit, whoever makes it: the application or an SQL login.

create schema journal;
comment on schema journal is 'Journal : accès aux données nominatives, et actes';
grant usage on schema journal to finage_app, finage_journal, finage_backup;

do $$
declare
    t text;
begin
    foreach t in array array['acces', 'acte'] loop
        execute format('create table journal.%I (
            id bigint generated always as identity primary key,
            le timestamptz not null default clock_timestamp(),
            transaction xid8 not null default pg_current_xact_id(),
            login text not null default session_user,
            utilisateur uuid,
            collectivite integer,
            canal text not null,
            action text not null,
            objet text not null,
            cle text,
            finalite text,
            details jsonb not null default ''{}'',
            rang bigint unique check (rang > 0),
            sceau bytea check (length(sceau) = 32),
            check ((rang is null) = (sceau is null))
        )', t);
        execute format('comment on column journal.%I.login is ''Connexion à la base : finage_app, ou celle d''''un logiciel''', t);
        execute format('comment on column journal.%I.details is ''Critères et nombre de résultats d''''une recherche, champs changés d''''un acte''', t);
        execute format('comment on column journal.%I.rang is ''Place dans la chaîne ; nul tant que la ligne n''''est pas scellée''', t);
        execute format('comment on column journal.%I.sceau is ''HMAC-SHA-256 de la ligne et du sceau précédent''', t);
        execute format('create index on journal.%I (id) where rang is null', t);
        execute format('create index on journal.%I (objet, cle)', t);
        execute format('create index on journal.%I (utilisateur, le)', t);
        execute format('create index on journal.%I (le)', t);
        execute format('grant insert (utilisateur, collectivite, canal, action, objet, cle, finalite, details) on journal.%I to finage_app, finage_acces, finage_journal', t);
        execute format('grant select, update (rang, sceau) on journal.%I to finage_journal', t);
        execute format('grant select on journal.%I to finage_backup', t);
    end loop;
end $$;
grant delete on journal.acces to finage_journal;
comment on table journal.acces is 'Regards sur des données nominatives : une ligne par fiche vue, une par liste avec ses critères et son nombre ; purgées';
comment on table journal.acte is 'Actes : écritures, décisions, droits donnés, connexions ; jamais purgés par le travail de purge';

create table journal.repere (
    chaine text not null check (chaine in ('acces', 'acte')),
    rang bigint not null,
    sceau bytea not null check (length(sceau) = 32),
    jusque timestamptz not null,
    pose_le timestamptz not null default clock_timestamp(),
    preuve bytea not null check (length(preuve) = 32),
    primary key (chaine, rang)
);
comment on table journal.repere is 'Repères laissés par la purge : le dernier sceau effacé, d''où la chaîne repart';
comment on column journal.repere.preuve is 'HMAC-SHA-256 du repère';
grant select, insert on journal.repere to finage_journal;
grant select on journal.repere to finage_backup;

create table core.historique (
    id bigint generated always as identity primary key,
    le timestamptz not null default clock_timestamp(),
    transaction xid8 not null default pg_current_xact_id(),
    objet text not null,
    cle text not null,
    operation text not null check (operation in ('creation', 'changement', 'retrait')),
    collectivite integer not null,
    insee text,
    mission text not null,
    utilisateur uuid,
    canal text not null,
    avant jsonb,
    apres jsonb
);
comment on table core.historique is 'Chaque version de chaque ligne : qui, quand, par où, avant, après';
create index on core.historique (objet, cle, id);
create index on core.historique (collectivite);

create table core.changement (
    id bigint generated always as identity primary key,
    transaction xid8 not null default pg_current_xact_id(),
    le timestamptz not null default clock_timestamp(),
    objet text not null,
    cles text[],
    operation text not null check (operation in ('creation', 'changement', 'retrait', 'recharger'))
);
comment on table core.changement is 'Ce qui a changé, pour les caches : des clés, ou « recharger » au-delà de mille';
create index on core.changement (transaction);
revoke all on core.historique, core.changement from finage_app, finage_snapshot, finage_backup;
grant select on core.historique, core.changement to finage_backup;
grant select on core.changement to finage_app, finage_snapshot;

-- Objects are named as people and rights name them: schema.table is said once, here.
create table core.objet (
    nom text primary key check (nom ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$'),
    relation text not null unique,
    mission text not null check (mission ~ '^[a-z][a-z0-9_]*$'),
    cle text not null
);
comment on table core.objet is 'Objets dont les lignes sont à des collectivités, et la mission qui les ouvre aux autres';
grant select on core.objet to finage_app, finage_acces, finage_journal, finage_sql;

create function core.ecrire_historique() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    ligne jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
    avant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    apres jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    operation text := case tg_op when 'INSERT' then 'creation' when 'UPDATE' then 'changement' else 'retrait' end;
    champs jsonb;
begin
    if tg_op = 'UPDATE' then
        if old is not distinct from new then
            return null;
        end if;
        select jsonb_agg(a.key order by a.key) into champs from jsonb_each(apres) a
            where a.value is distinct from avant -> a.key;
    end if;
    insert into core.historique (objet, cle, operation, collectivite, insee, mission, utilisateur, canal, avant, apres)
        values (tg_argv[0], ligne ->> tg_argv[2], operation, (ligne ->> 'collectivite')::integer, ligne ->> 'insee',
            tg_argv[1], acces.mon_utilisateur(), acces.mon_canal(), avant, apres);
    insert into journal.acte (utilisateur, login, collectivite, canal, action, objet, cle, details)
        values (acces.mon_utilisateur(), session_user, acces.ma_collectivite(), acces.mon_canal(), operation, tg_argv[0],
            ligne ->> tg_argv[2], case when champs is null then '{}'::jsonb else jsonb_build_object('champs', champs) end);
    return null;
end $$;
comment on function core.ecrire_historique is 'Déclencheur (objet, mission, clé) : historique et journal des actes';

create function core.ecrire_changement() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    trouvees text[];
begin
    if tg_op = 'TRUNCATE' then
        insert into core.changement (objet, operation) values (tg_argv[0], 'recharger');
    else
        execute format('select array_agg(cle) from (select (%I)::text as cle from lignes limit 1001) l', tg_argv[1]) into trouvees;
        if trouvees is null then
            return null;
        end if;
        insert into core.changement (objet, cles, operation) values (tg_argv[0],
            case when cardinality(trouvees) <= 1000 then trouvees end,
            case when cardinality(trouvees) > 1000 then 'recharger'
                when tg_op = 'INSERT' then 'creation' when tg_op = 'UPDATE' then 'changement' else 'retrait' end);
    end if;
    perform pg_notify('finage_changement', tg_argv[0]);
    return null;
end $$;
comment on function core.ecrire_changement is 'Déclencheur d''instruction (objet, clé) : une ligne de core.changement';

create function core.garder_proprietaire() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if new.collectivite is distinct from old.collectivite then
        raise exception 'La ligne appartient à une collectivité : elle ne change pas de mains' using errcode = '42501';
    end if;
    return new;
end $$;
comment on function core.garder_proprietaire is 'Déclencheur : une ligne garde sa collectivité';

create procedure core.proteger(objet text, relation regclass, mission text, cle text default 'id')
    language plpgsql set search_path = pg_catalog as $$
declare
    vue text := format(
        'collectivite = (select acces.ma_collectivite()) or insee = any ((select acces.mes_communes(%L))::text[])', mission);
    mienne text := 'collectivite = (select acces.ma_collectivite())
        and (insee is null or insee = any ((select acces.mon_territoire())::text[]))';
    verbe text;
begin
    insert into core.objet (nom, relation, mission, cle) values (objet, relation::text, mission, cle);
    execute format('alter table %s enable row level security, force row level security', relation);
    execute format('create policy proprietaire on %s to finage_owner using (true) with check (true)', relation);
    execute format('create policy sauvegarde on %s for select to finage_backup using (true)', relation);
    execute format('create policy lecture on %s for select to finage_app, finage_sql using (%s)', relation, vue);
    execute format('create policy ajout on %s for insert to finage_app, finage_sql with check (%s)', relation, mienne);
    execute format('create policy changement on %s for update to finage_app, finage_sql using (%s) with check (%s)', relation, vue, vue);
    execute format('create policy retrait on %s for delete to finage_app, finage_sql using (%s)', relation, mienne);
    execute format('create trigger garde before update of collectivite on %s for each row execute function core.garder_proprietaire()', relation);
    execute format('create trigger historique after insert or update or delete on %s for each row execute function core.ecrire_historique(%L, %L, %L)',
        relation, objet, mission, cle);
    foreach verbe in array array['insert', 'update', 'delete'] loop
        execute format('create trigger changement_%s after %1$s on %s referencing %s table as lignes for each statement execute function core.ecrire_changement(%L, %L)',
            verbe, relation, case when verbe = 'delete' then 'old' else 'new' end, objet, cle);
    end loop;
    execute format('create trigger changement_truncate after truncate on %s for each statement execute function core.ecrire_changement(%L, %L)', relation, objet, cle);
    execute format('revoke all on %s from finage_app, finage_snapshot, finage_sql', relation);
    execute format('grant select, insert, update on %s to finage_app', relation);
    execute format('grant select on %s to finage_backup', relation);
end $$;
comment on procedure core.proteger is
    'Met une table de collectivité (colonnes collectivite et insee) sous la garde du socle : sécurité par ligne, historique, journal, changements, droits';

-- The history is a tenant table too; nobody writes it by hand.
alter table core.historique enable row level security, force row level security;
create policy proprietaire on core.historique to finage_owner using (true) with check (true);
create policy sauvegarde on core.historique for select to finage_backup using (true);
create policy lecture on core.historique for select to finage_app using (
    collectivite = (select acces.ma_collectivite())
    or insee = any ((select acces.mes_communes(mission))::text[]));
grant select on core.historique to finage_app;
