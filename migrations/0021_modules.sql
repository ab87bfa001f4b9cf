-- The module engine: modules installed, their nomenclatures, and what every table of an object gets from it.

create table core.module (
    id text primary key check (id ~ '^[a-z][a-z0-9_]{1,30}$'),
    libelle text not null,
    version text not null,
    empreinte text not null,
    origine text not null check (origine in ('livre', 'dossier')),
    actif boolean not null default true,
    installe_le timestamptz not null default now(),
    mis_a_niveau_le timestamptz not null default now()
);
comment on table core.module is 'Modules installés : leurs tables sont dans le schéma de leur identifiant';
comment on column core.module.empreinte is 'SHA-256 de leur dossier, tel qu''il a été installé';
comment on column core.module.origine is 'livre : embarqué dans Finage ; dossier : de FINAGE_MODULES_DIR';

create table core.module_migration (
    module text not null references core.module on delete cascade,
    version integer not null check (version > 0),
    nom text not null,
    empreinte text not null,
    appliquee_le timestamptz not null default now(),
    primary key (module, version)
);
comment on table core.module_migration is 'Migrations des modules, déjà passées : leur texte ne change plus';

create table core.code (
    id bigint generated always as identity primary key,
    nomenclature text not null check (nomenclature ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
    code text not null check (code <> ''),
    libelle text not null check (libelle <> ''),
    description text,
    valide_du date,
    valide_au date check (valide_au > valide_du),
    source text,
    ordre integer not null default 0,
    correspondances jsonb not null default '{}',
    unique nulls not distinct (nomenclature, code, valide_du)
);
comment on table core.code is 'Nomenclatures des modules : codes, libellés, dates de validité, texte qui les établit';
comment on column core.code.correspondances is 'Codes d''autres nomenclatures, par colonne';
grant select on core.module, core.module_migration to finage_app, finage_acces, finage_backup;
grant select on core.code to finage_app, finage_sql, finage_backup;

alter table core.objet add column module text references core.module;
comment on column core.objet.module is 'Module qui l''apporte ; nul pour le socle';
alter table acces.role add column module text;
comment on column acces.role.module is 'Module qui apporte ce rôle ; ses droits suivent le manifeste';

create function core.situer_par() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    neuve geometry;
    ancienne geometry;
begin
    if new.collectivite is null then
        new.collectivite := acces.ma_collectivite();
    end if;
    execute format('select ($1).%I', tg_argv[0]) using new into neuve;
    if neuve is null then
        return new;
    end if;
    if tg_op = 'UPDATE' then
        execute format('select ($1).%I', tg_argv[0]) using old into ancienne;
        if ancienne is not null and st_equals(neuve, ancienne) and new.insee is not null then
            return new;
        end if;
    end if;
    new.insee := coalesce(
        (select c.insee from cadastre.commune c where st_intersects(c.geom, st_pointonsurface(neuve)) order by c.insee limit 1),
        new.insee);
    return new;
end $$;
comment on function core.situer_par is 'Déclencheur (colonne) : la collectivité est celle qui agit, la commune celle où tombe la géométrie';

create function core.suivre_parent() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    if new.collectivite is null then
        new.collectivite := acces.ma_collectivite();
    end if;
    execute format('select insee from %s where %I = ($1).%I', tg_argv[0], tg_argv[1], tg_argv[2]) using new into new.insee;
    return new;
end $$;
comment on function core.suivre_parent is 'Déclencheur (table, clé, référence) : la ligne est dans la commune de celle dont elle dépend';

create function core.propager_commune() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    execute format('update %s set insee = $1 where %I = ($2).%I and insee is distinct from $1', tg_argv[0], tg_argv[1], tg_argv[2])
        using new.insee, new;
    return null;
end $$;
comment on function core.propager_commune is 'Déclencheur (table, référence, clé) : les lignes qui en dépendent la suivent dans une autre commune';

create procedure core.accueillir(module text, srid integer)
    language plpgsql set search_path = pg_catalog, public as $$
declare
    cellule record;
begin
    execute format('create schema if not exists %I', module);
    execute format('grant usage on schema %I to finage_app, finage_acces, finage_sql, finage_backup, finage_snapshot', module);
    for cellule in
        select g.f_table_name as t, g.f_geometry_column as c, g.type
        from geometry_columns g
        join pg_class k on k.relname = g.f_table_name and k.relkind in ('r', 'p')
        join pg_namespace n on n.oid = k.relnamespace and n.nspname = g.f_table_schema
        where g.f_table_schema = accueillir.module and g.srid = 2154 and accueillir.srid <> 2154
    loop
        execute format('alter table %I.%I alter column %I type geometry(%s, %s) using st_setsrid(%3$I, %5$s)',
            accueillir.module, cellule.t, cellule.c, cellule.type, accueillir.srid);
    end loop;
end $$;
comment on procedure core.accueillir is 'Schéma d''un module, ouvert aux rôles du socle ; ses géométries écrites en 2154 passent au système de la base';

create procedure core.prendre_en_charge(objet text, relation regclass, mission text, module text)
    language plpgsql set search_path = pg_catalog as $$
declare
    seule integer;
    sans integer;
begin
    if not exists (select from pg_attribute where attrelid = relation and attname = 'id' and not attisdropped) then
        execute format('alter table %s add column id uuid not null unique default gen_random_uuid()', relation);
    elsif (select atttypid from pg_attribute where attrelid = relation and attname = 'id') <> 'uuid'::regtype then
        raise exception 'la colonne « id » de % n''est pas un uuid : renommez-la, le moteur tient la sienne', relation;
    elsif not exists (select from pg_index where indrelid = relation and indisunique and indnkeyatts = 1 and indpred is null
            and indkey[0] = (select attnum from pg_attribute where attrelid = relation and attname = 'id')) then
        execute format('alter table %s add unique (id)', relation);
    end if;
    execute format('alter table %s alter column id set default gen_random_uuid()', relation);
    execute format('alter table %s add column if not exists collectivite integer references acces.collectivite', relation);
    execute format('select count(*) from %s where collectivite is null', relation) into sans;
    if sans > 0 then
        select min(id) into seule from acces.collectivite having count(*) = 1;
        if seule is null then
            raise exception '% lignes de % n''ont pas de collectivité : une migration du module doit la donner', sans, relation;
        end if;
        execute format('update %s set collectivite = $1 where collectivite is null', relation) using seule;
    end if;
    execute format('alter table %s alter column collectivite set not null', relation);
    execute format('alter table %s add column if not exists insee text references core.commune', relation);
    execute format('alter table %s add column if not exists version integer not null default 1', relation);
    execute format('alter table %s add column if not exists creee_le timestamptz not null default now()', relation);
    execute format('alter table %s add column if not exists archivee_le timestamptz', relation);
    if not exists (select from core.objet o where o.nom = objet) then
        call core.proteger(objet, relation, mission);
        update core.objet o set module = prendre_en_charge.module where o.nom = objet;
        execute format('create index on %s (collectivite)', relation);
        execute format('create index on %s (insee)', relation);
        execute format('create index on %s (creee_le desc, id)', relation);
        execute format('create trigger version before update on %s for each row execute function core.avancer_version()', relation);
        execute format('create trigger fichiers after update on %s for each row when (old.insee is distinct from new.insee)
            execute function core.suivre_commune(%L)', relation, objet);
    end if;
end $$;
comment on procedure core.prendre_en_charge is
    'Donne à la table d''un objet les colonnes du moteur, puis sa garde : sécurité par ligne, historique, journal, changements';

-- As core.ouvrir_en_sql, without its trigger: rows of modules are placed by core.situer_par, whatever their column.
create procedure core.ouvrir_module_en_sql(objet text, couche text)
    language plpgsql set search_path = pg_catalog as $$
declare
    relation text := (select o.relation from core.objet o where o.nom = objet);
    verbe text;
    condition text;
begin
    update core.objet o set couche = ouvrir_module_en_sql.couche where o.nom = objet;
    foreach verbe in array array['lire', 'creer', 'changer', 'archiver'] loop
        condition := format('((select acces.sql_partout(%L, %L)) or insee = any ((select acces.sql_communes(%1$L, %2$L))::text[]))', objet, verbe);
        if verbe <> 'lire' then
            condition := format('(select acces.sql_modifie(%L)) and %s', couche, condition);
        end if;
        execute format('create policy sql_%s on %s as restrictive for %s to finage_sql %s', verbe, relation,
            case verbe when 'lire' then 'select' when 'creer' then 'insert' when 'changer' then 'update' else 'delete' end,
            case verbe when 'creer' then format('with check (%s)', condition)
                when 'changer' then format('using (%s) with check (%1$s)', condition)
                else format('using (%s)', condition) end);
    end loop;
    execute format('grant select, insert, update, delete on %s to finage_sql', relation);
end $$;
comment on procedure core.ouvrir_module_en_sql is 'Ouvre la couche d''un objet de module aux connexions SQL directes, dans la limite des droits de leur compte';

-- Fields that a manifest computes: their trigger writes them with each change, and midnight those that follow today.
create table core.calcul (
    objet text not null references core.objet (nom) on delete cascade,
    champ text not null,
    expression text not null,
    suit_le_jour boolean not null,
    primary key (objet, champ)
);
comment on table core.calcul is 'Champs calculés des modules : l''expression SQL de chacun, sur une ligne « o »';
comment on column core.calcul.suit_le_jour is 'Recalculé quand le jour change dans un des fuseaux du pays';
grant select on core.calcul to finage_backup;

create function core.recalculer() returns bigint
    language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    jours text := (select string_agg(core.jour(p)::text, ' ' order by p)
        from unnest(array['', '971', '972', '973', '974', '975', '976', '977', '978', '986', '987', '988']) p);
    calcul record;
    faites bigint := 0;
    nombre bigint;
begin
    perform pg_advisory_xact_lock(x'66696e6a6f7572'::bigint);
    if (select valeur from core.parametre where nom = 'jours_calcules') is not distinct from jours then
        return 0;
    end if;
    for calcul in
        select o.relation, c.champ, c.expression from core.calcul c join core.objet o on o.nom = c.objet where c.suit_le_jour
    loop
        execute format('update %s o set %I = %s where %I is distinct from (%3$s)',
            calcul.relation, calcul.champ, calcul.expression, calcul.champ);
        get diagnostics nombre = row_count;
        faites := faites + nombre;
    end loop;
    insert into core.parametre (nom, valeur) values ('jours_calcules', jours)
        on conflict (nom) do update set valeur = excluded.valeur;
    return faites;
end $$;
comment on function core.recalculer is 'Recalcule ce qui dépend du jour, une fois par jour de chaque fuseau ; rend le nombre de lignes changées';
revoke all on function core.recalculer() from public;
grant execute on function core.recalculer() to finage_app;
