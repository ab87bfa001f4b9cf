-- What a newcomer's trials of the module engine asked for: migrations that cannot leave their transaction, logins of SQL held
-- to the rules of fields, searches that know neither case, accents nor ligatures.

-- A module's own SQL runs inside of a function: PostgreSQL refuses there whatever ends a transaction or changes who acts.
create function core.passer_migration(module text, instructions text) returns void
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform set_config('search_path', format('%I, public', module), true);
    execute instructions;
end $$;
comment on function core.passer_migration is
    'Exécute la migration d''un module, dans son schéma : elle ne peut ni finir la transaction, ni changer le rôle qui agit';
revoke all on function core.passer_migration(text, text) from public;

-- One spelling for what is searched: lower case, without accents nor ligatures. One expression, so that PostgreSQL puts it in
-- the place of the call, in indexes as in queries: behind policies it may then use them (src/db/sql/indexables.sql).
create function core.cherchable(texte text) returns text
    language sql immutable parallel safe
    as $$ select case when octet_length(texte) = length(texte) then lower(texte) else translate(
        replace(replace(replace(lower(texte), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'),
        'éèêëàâäáãåçîïíìñôöóòõøûùüúÿý’' || U&'\0300\0301\0302\0303\0308\0327', 'eeeeaaaaaaciiiinoooooouuuuyy''') end $$;
comment on function core.cherchable is 'Un texte tel qu''il est cherché : minuscules, sans accents ni ligatures';

drop index core.annotation_titre_idx, core.annotation_texte_idx, core.personne_nom_idx;
create index annotation_titre_idx on core.annotation using gin (core.cherchable(titre) public.gin_trgm_ops);
create index annotation_texte_idx on core.annotation using gin (core.cherchable(texte) public.gin_trgm_ops);
create index personne_nom_idx on core.personne using gin (core.cherchable(nom) public.gin_trgm_ops);

-- What the engine gives to tables changed: modules are brought to it when the program starts, or by « finage module upgrade ».
update core.module set empreinte = '';

-- A shape lies in a commune of the territory, where all of them are drawn; where one is not, nobody can tell.
create function acces.territoire_trace() returns boolean
    language sql stable security definer set search_path = pg_catalog
    as $$ select cardinality(t.communes) > 0 and not exists (
        select from unnest(t.communes) commune
        where not exists (select from cadastre.commune c where c.insee = commune and c.geom is not null))
    from (select acces.mon_territoire() as communes) t $$;
comment on function acces.territoire_trace is 'Vrai quand chaque commune du territoire de la collectivité qui agit a son contour au plan';
grant execute on function acces.territoire_trace() to finage_app, finage_sql, finage_owner;

create or replace function core.situer() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if new.collectivite is null then
        new.collectivite := acces.ma_collectivite();
    end if;
    if new.insee is null or (tg_op = 'UPDATE' and not st_equals(new.geom, old.geom) and new.insee is not distinct from old.insee) then
        new.insee := coalesce(
            (select c.insee from cadastre.commune c where st_intersects(c.geom, st_pointonsurface(new.geom)) order by c.insee limit 1),
            case when not acces.territoire_trace() then new.insee end);
    end if;
    return new;
end $$;
create or replace function core.situer_par() returns trigger
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
        case when not acces.territoire_trace() then new.insee end);
    return new;
end $$;

-- Logins of SQL write what a form would: codes of their lists, shapes that hold, places of the territory, nothing that the
-- program holds; and they archive, for nothing is erased. Last of the triggers, it sees what the others made of the row.
-- Arguments: the column of geometries, then by field its label, its nomenclature, whether it is required, whether the program
-- holds it, and whether it then begins empty.
create function core.tenir_connexion() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    avant jsonb;
    apres jsonb;
    neuve geometry;
    ancienne geometry;
    ici text;
    objet text;
    champ text;
    regle jsonb;
    change boolean;
begin
    -- What other triggers write of their own is not the login's.
    if pg_trigger_depth() > 1 or not exists (select from core.sql_role where login = session_user) then
        return coalesce(new, old);
    end if;
    if tg_op = 'DELETE' then
        execute format('update %s set archivee_le = now() where id = $1 and archivee_le is null', tg_relid::regclass) using old.id;
        return null;
    end if;
    if tg_op = 'INSERT' then
        new.version := 1;
        new.creee_le := now();
        new.archivee_le := null;
    else
        avant := to_jsonb(old);
        execute format('select ($1).%I', tg_argv[0]) using old into ancienne;
    end if;
    apres := to_jsonb(new);
    execute format('select ($1).%I', tg_argv[0]) using new into neuve;
    foreach champ in array array['id', 'collectivite', 'creee_le'] loop
        if tg_op = 'UPDATE' and avant -> champ is distinct from apres -> champ then
            raise exception 'La colonne « % » est tenue par Finage : une connexion SQL ne la change pas', champ;
        end if;
    end loop;
    if tg_op = 'UPDATE' and old.archivee_le is distinct from new.archivee_le then
        objet := (select o.nom from core.objet o where o.relation = tg_relid::regclass::text);
        if not (acces.sql_partout(objet, 'archiver') or coalesce(new.insee = any (acces.sql_communes(objet, 'archiver')), false)) then
            raise exception 'Le compte de cette connexion n''a pas le droit d''archiver';
        end if;
    end if;
    for champ, regle in select * from jsonb_each(tg_argv[1]::jsonb) loop
        change := tg_op = 'INSERT' or avant -> champ is distinct from apres -> champ;
        if regle ? 'tenu' and change and (tg_op = 'UPDATE' or regle ? 'vide' and apres ->> champ is not null) then
            raise exception 'Le champ « % » est tenu par Finage : une connexion SQL ne l''écrit pas', regle ->> 'libelle';
        end if;
        if regle ? 'obligatoire' and change and coalesce(btrim(apres ->> champ), '') = '' then
            raise exception 'Le champ « % » ne peut pas être vide', regle ->> 'libelle';
        end if;
        if regle ? 'nomenclature' and change and apres ->> champ is not null and not exists (
            select from core.code c
            where c.nomenclature = regle ->> 'nomenclature' and c.code = apres ->> champ
                and (c.valide_du is null or c.valide_du <= core.jour('')) and (c.valide_au is null or c.valide_au > core.jour(''))
        ) then
            raise exception 'Le champ « % » ne prend pas la valeur « % » : choisissez un code de sa liste, encore valide',
                regle ->> 'libelle', left(apres ->> champ, 60);
        end if;
    end loop;
    if neuve is null then
        return new;
    end if;
    if tg_op = 'INSERT' or ancienne is null or not st_equals(neuve, ancienne) or st_npoints(neuve) <> st_npoints(ancienne) then
        if st_isempty(neuve) or not st_isvalid(neuve) then
            raise exception 'La géométrie est refusée : elle est vide, ou son contour se croise lui-même';
        end if;
        ici := (select c.insee from cadastre.commune c where st_intersects(c.geom, st_pointonsurface(neuve)) order by c.insee limit 1);
        if ici <> all (acces.mon_territoire()) or ici is null and acces.territoire_trace() then
            raise exception 'Cet objet tombe hors du territoire de la collectivité : placez-le dans une de ses communes';
        end if;
        if new.insee is distinct from ici and ici is not null then
            raise exception 'La commune d''un objet est celle où il tombe (%) : laissez « insee » vide', ici;
        end if;
    elsif new.insee is distinct from old.insee then
        raise exception 'La commune d''un objet est celle où il tombe : une connexion SQL ne change pas « insee »';
    end if;
    return new;
end $$;
comment on function core.tenir_connexion is
    'Déclencheur (colonne de géométrie, règles des champs) : une connexion SQL écrit selon les règles des formulaires, et archive au lieu de supprimer';
revoke all on function core.tenir_connexion() from public;
create trigger z_connexion before insert or update or delete on core.annotation for each row
    when (pg_has_role(session_user, 'finage_sql', 'member'))
    execute function core.tenir_connexion('geom', '{"titre": {"libelle": "Titre", "obligatoire": true}}');

-- One procedure opens a layer to logins, of the core or of a module: rows are placed by a trigger of their own.
drop procedure core.ouvrir_module_en_sql(text, text);
create or replace procedure core.ouvrir_en_sql(objet text, couche text)
    language plpgsql set search_path = pg_catalog as $$
declare
    relation text := (select o.relation from core.objet o where o.nom = objet);
    verbe text;
    condition text;
begin
    update core.objet o set couche = ouvrir_en_sql.couche where o.nom = objet;
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
