-- Steps of rows: what a locked state closes, amendments, and the views that people keep.

create table core.avenant (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune,
    objet text not null references core.objet (nom),
    cle uuid not null,
    motif text not null check (motif <> '' and length(motif) <= 2000),
    rang bigint not null unique,
    creee_le timestamptz not null default now()
);
comment on table core.avenant is 'Avenants : ce qui change une fiche verrouillée dans son état, et pourquoi';
comment on column core.avenant.cle is 'Fiche changée';
comment on column core.avenant.rang is 'Ligne de core.historique qui dit ce qui a changé, avant et après : elle s''ouvre par les droits de la fiche';
create index on core.avenant (objet, cle);
create index on core.avenant (collectivite);
create index on core.avenant (insee);

call core.proteger('avenant', 'core.avenant', 'sig');
-- An amendment is its record's: opened to others by the mission of the object. Nobody writes it anew.
do $$
declare
    hote text := 'collectivite = (select acces.ma_collectivite())
        or insee = any ((select acces.mes_communes(o.mission) from core.objet o where o.nom = objet)::text[])';
begin
    execute format('alter policy lecture on core.avenant using (%s)', hote);
    execute format('alter policy ajout on core.avenant with check (%s)', hote);
end $$;
revoke update on core.avenant from finage_app;

-- Rows are placed by triggers as finage_owner: these follow their record.
create or replace function core.suivre_commune() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    update core.piece_jointe set insee = new.insee
    where objet = tg_argv[0] and cle = new.id::text and insee is distinct from new.insee;
    update core.rattachement set insee = new.insee
    where objet = tg_argv[0] and cle = new.id and insee is distinct from new.insee;
    update core.avenant set insee = new.insee
    where objet = tg_argv[0] and cle = new.id and insee is distinct from new.insee;
    return null;
end $$;
comment on function core.suivre_commune is 'Déclencheur (objet) : fichiers joints, rattachements et avenants sont dans la commune de leur objet';
drop trigger mission on core.historique;
create trigger mission before insert on core.historique for each row
    when (new.objet in ('rattachement', 'fichier_joint', 'avenant')) execute function core.mission_de_l_hote();

-- The lock of a workflow. Maintenance (imports, midnight, rows that follow another) acts as finage_owner and passes; the
-- server opens it for a step or an amendment, and it alone is believed; a login of SQL finds it closed.
create function core.garder_etat() returns trigger
    language plpgsql set search_path = pg_catalog as $$
declare
    champ text := tg_argv[0];
    verrouilles text[] := tg_argv[2]::text[];
    libres text[] := tg_argv[3]::text[];
    avant jsonb;
    apres jsonb;
begin
    if current_user = 'finage_owner' or (acces.application() and current_setting('finage.verrou', true) = 'ouvert') then
        return coalesce(new, old);
    end if;
    if tg_op = 'INSERT' then
        if not acces.application() and to_jsonb(new) ->> champ is distinct from tg_argv[1] then
            raise exception 'Une fiche commence dans son premier état (%) : une étape la fait avancer', tg_argv[1] using errcode = 'FN001';
        end if;
        return new;
    end if;
    avant := to_jsonb(old);
    if tg_op = 'DELETE' then
        if avant ->> champ = any (verrouilles) then
            raise exception 'Cette fiche est verrouillée dans son état : elle ne se retire pas' using errcode = 'FN001';
        end if;
        return old;
    end if;
    apres := to_jsonb(new);
    if avant ->> champ is distinct from apres ->> champ then
        raise exception 'L''état d''une fiche ne change que par une étape' using errcode = 'FN001';
    end if;
    if avant ->> champ = any (verrouilles) and avant - libres is distinct from apres - libres then
        raise exception 'Cette fiche est verrouillée dans son état : une étape ou un avenant la fait avancer' using errcode = 'FN001';
    end if;
    return new;
end $$;
comment on function core.garder_etat is
    'Déclencheur (champ, état initial, états verrouillés, colonnes libres) : l''état ne change que par une étape, une fiche verrouillée que par une étape ou un avenant';

-- A feature is found by its own geometry column, whatever its name.
create or replace function core.entite(couche text, cle text) returns public.geometry
    language plpgsql stable set search_path = pg_catalog, public as $$
declare
    place record;
    trouvee public.geometry;
begin
    select c.relation, c.cle, format_type(a.atttypid, null) as genre, g.attname as colonne into place
    from core.couche c
    join pg_attribute a on a.attrelid = to_regclass(c.relation) and a.attname = c.cle and not a.attisdropped
    cross join lateral (
        select f.attname from pg_attribute f
        where f.attrelid = a.attrelid and f.atttypid = 'public.geometry'::regtype and not f.attisdropped
        order by f.attname = 'geom' desc, f.attnum
        limit 1
    ) g
    where c.id = entite.couche;
    if not found then
        return null;
    end if;
    execute format('select %I from %s where %I = $1::%s', place.colonne, place.relation, place.cle, place.genre)
        into trouvee using entite.cle;
    return trouvee;
exception when invalid_text_representation then
    return null;
end $$;

create table core.vue (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune check (insee is null),
    utilisateur uuid not null,
    objet text not null references core.objet (nom),
    nom text not null check (nom <> '' and length(nom) <= 80),
    partagee boolean not null default false,
    etat jsonb not null check (jsonb_typeof(etat) in ('object', 'string') and octet_length(etat::text) <= 20480),
    version integer not null default 1,
    creee_le timestamptz not null default now()
);
comment on table core.vue is 'Vues enregistrées : filtre, colonnes et tri d''une liste, gardés par un compte, partagés ou non avec sa collectivité';
comment on column core.vue.insee is 'Toujours nul : une vue n''est dans aucune commune';
comment on column core.vue.etat is 'Ce que l''écran en a besoin pour la rouvrir ; rien d''une fiche';
create index on core.vue (collectivite, objet);
create trigger version before update on core.vue for each row execute function core.avancer_version();

call core.proteger('vue', 'core.vue', 'sig');
alter policy lecture on core.vue using (
    collectivite = (select acces.ma_collectivite()) and (partagee or utilisateur = (select acces.mon_utilisateur())));
alter policy ajout on core.vue with check (
    collectivite = (select acces.ma_collectivite()) and utilisateur = (select acces.mon_utilisateur()));
alter policy changement on core.vue using (
    collectivite = (select acces.ma_collectivite()) and utilisateur = (select acces.mon_utilisateur()))
with check (
    collectivite = (select acces.ma_collectivite()) and utilisateur = (select acces.mon_utilisateur()));
alter policy retrait on core.vue using (
    collectivite = (select acces.ma_collectivite()) and utilisateur = (select acces.mon_utilisateur()));
-- A view is no record: who keeps it throws it away.
grant delete on core.vue to finage_app;
