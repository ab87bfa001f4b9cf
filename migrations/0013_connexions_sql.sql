-- Direct SQL: which layers a login of QGIS or GeoServer sees and edits. Rows are those of its collectivité, as for anyone;
-- a restrictive policy adds what its account may do, so that a right withdrawn is withdrawn here too.

alter table core.objet add column couche text references core.couche;
comment on column core.objet.couche is 'Couche que les connexions SQL peuvent ouvrir ; nulle pour ce qui ne se voit que par l''application';
alter table core.sql_role add check (not couches @> array[null]::text[]);

create function acces.sql_partout(objet text, action text) returns boolean
    language sql stable security definer set search_path = pg_catalog
    as $$ select exists (
        select from core.sql_role s
        join acces.utilisateur u on u.id = s.utilisateur and u.actif
        join acces.collectivite c on c.id = s.collectivite and (c.fermee_le is null or c.fermee_le > current_date)
        join acces.attribution a on a.utilisateur = u.id and a.collectivite = c.id
            and a.du <= current_date and (a.au is null or a.au > current_date) and a.communes is null
        join acces.droit d on d.role = a.role and d.objet = sql_partout.objet and d.action = sql_partout.action
            and d.lignes is null and d.champs is null
        where s.login = session_user and s.revoque_le is null) $$;
comment on function acces.sql_partout is
    'Vrai quand le compte de cette connexion SQL a ce droit sur toutes les lignes et tous les champs ; un droit filtré ne s''exerce que par l''application';

create function acces.sql_communes(objet text, action text) returns text[]
    language sql stable security definer set search_path = pg_catalog
    as $$ select coalesce(array_agg(distinct commune), '{}') from core.sql_role s
        join acces.utilisateur u on u.id = s.utilisateur and u.actif
        join acces.collectivite c on c.id = s.collectivite and (c.fermee_le is null or c.fermee_le > current_date)
        join acces.attribution a on a.utilisateur = u.id and a.collectivite = c.id
            and a.du <= current_date and (a.au is null or a.au > current_date)
        join acces.droit d on d.role = a.role and d.objet = sql_communes.objet and d.action = sql_communes.action
            and d.lignes is null and d.champs is null
        cross join unnest(a.communes) commune
        where s.login = session_user and s.revoque_le is null $$;
comment on function acces.sql_communes is 'Communes où le compte de cette connexion SQL a ce droit';

create function acces.sql_modifie(couche text) returns boolean
    language sql stable security definer set search_path = pg_catalog
    as $$ select exists (select from core.sql_role s
        where s.login = session_user and s.revoque_le is null and sql_modifie.couche = any (s.couches)) $$;
comment on function acces.sql_modifie is 'Vrai quand cette connexion SQL peut modifier la couche';
grant execute on function acces.sql_partout(text, text), acces.sql_communes(text, text), acces.sql_modifie(text) to finage_sql, finage_owner;

-- A row made in QGIS needs no more than a shape: whose it is and where it lies follow.
create function core.situer() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
begin
    if new.collectivite is null then
        new.collectivite := acces.ma_collectivite();
    end if;
    if new.insee is null or (tg_op = 'UPDATE' and not st_equals(new.geom, old.geom) and new.insee is not distinct from old.insee) then
        new.insee := coalesce(
            (select c.insee from cadastre.commune c where st_intersects(c.geom, st_pointonsurface(new.geom)) order by c.insee limit 1),
            new.insee);
    end if;
    return new;
end $$;
comment on function core.situer is 'Déclencheur : la collectivité est celle qui agit, la commune celle où tombe la géométrie';

create procedure core.ouvrir_en_sql(objet text, couche text)
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
    execute format('create trigger a_situer before insert or update on %s for each row execute function core.situer()', relation);
    execute format('grant select, insert, update, delete on %s to finage_sql', relation);
end $$;
comment on procedure core.ouvrir_en_sql is 'Ouvre la couche d''un objet protégé aux connexions SQL directes, dans la limite des droits de leur compte';

call core.ouvrir_en_sql('annotation', 'annotations');
grant select on core.collectivite, core.collectivite_membre to finage_sql;
