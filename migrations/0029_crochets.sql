-- Programs of modules: fields that they compute from several rows, and rules that may be passed over for a reason.

alter table acces.droit drop constraint droit_action_check;
alter table acces.droit add constraint droit_action_check check (action in
    ('lire', 'creer', 'changer', 'archiver', 'transiter', 'exporter', 'imprimer', 'nominatif', 'passer_outre'));

alter table core.calcul add column crochet boolean not null default false;
comment on column core.calcul.crochet is 'Calculé par le programme du module : « expression » est alors le nom sous lequel il le connaît';

-- Rows whose fields a program has yet to compute: the transaction that changed something computes them before it ends; those
-- of a change made otherwise (a SQL login, the owner) are computed by a server within the minute.
create table core.recalcul (
    objet text not null,
    cle uuid not null,
    collectivite integer not null
);
create index on core.recalcul (collectivite);
comment on table core.recalcul is 'Fiches dont le programme d''un module a des champs à calculer ; une ligne disparaît quand c''est fait';
grant select on core.recalcul to finage_backup;

-- Arguments: the object to compute, its table, then the columns of this table that name its rows.
create function core.attendre_recalcul() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    avant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    apres jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    cles uuid[];
begin
    select array_agg(distinct cle) into cles
        from unnest(tg_argv[2:]) colonne, lateral (values ((avant ->> colonne)::uuid), ((apres ->> colonne)::uuid)) v (cle)
        where cle is not null;
    if cles is not null then
        execute format('insert into core.recalcul (objet, cle, collectivite)
            select $1, o.id, o.collectivite from %s o where o.id = any ($2)', tg_argv[1]) using tg_argv[0], cles;
    end if;
    return null;
end $$;
comment on function core.attendre_recalcul is 'Note les fiches que désignent des colonnes, avant et après, comme à calculer par le programme de leur module';
revoke all on function core.attendre_recalcul() from public;

create function core.recalculs_attendus(nombre integer) returns table (objet text, cle uuid)
    language sql security definer set search_path = pg_catalog as $$
    with prises as (
        select r.ctid from core.recalcul r where r.collectivite = acces.ma_collectivite() limit nombre for update skip locked
    ), faites as (
        delete from core.recalcul r using prises p where r.ctid = p.ctid returning r.objet, r.cle
    )
    select distinct f.objet, f.cle from faites f order by f.objet, f.cle
$$;
comment on function core.recalculs_attendus is 'Prend les fiches à calculer de la collectivité qui agit ; la transaction les calcule ou ne les prend pas';
revoke all on function core.recalculs_attendus(integer) from public;
grant execute on function core.recalculs_attendus(integer) to finage_app;

create function core.collectivites_a_recalculer() returns setof integer
    language sql stable security definer set search_path = pg_catalog as $$
    select distinct collectivite from core.recalcul
$$;
comment on function core.collectivites_a_recalculer is 'Collectivités dont des fiches sont à calculer par le programme d''un module';
revoke all on function core.collectivites_a_recalculer() from public;
grant execute on function core.collectivites_a_recalculer() to finage_app;

create or replace function core.recalculer() returns bigint
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
        select o.relation, c.champ, c.expression from core.calcul c join core.objet o on o.nom = c.objet
        where c.suit_le_jour and not c.crochet
    loop
        execute format('update %s o set %I = %s where %I is distinct from (%3$s)',
            calcul.relation, calcul.champ, calcul.expression, calcul.champ);
        get diagnostics nombre = row_count;
        faites := faites + nombre;
    end loop;
    for calcul in
        select distinct o.relation, o.nom from core.calcul c join core.objet o on o.nom = c.objet where c.suit_le_jour and c.crochet
    loop
        execute format('insert into core.recalcul (objet, cle, collectivite) select %L, o.id, o.collectivite from %s o',
            calcul.nom, calcul.relation);
        get diagnostics nombre = row_count;
        faites := faites + nombre;
    end loop;
    insert into core.parametre (nom, valeur) values ('jours_calcules', jours)
        on conflict (nom) do update set valeur = excluded.valeur;
    return faites;
end $$;

-- Rules passed over: said once, a rule is not asked again of the row as long as it says the same.
create table core.derogation (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    objet text not null,
    cle uuid not null,
    regle text not null,
    article text not null,
    message text not null,
    motif text not null check (length(motif) between 1 and 2000),
    utilisateur uuid,
    passee_le timestamptz not null default now()
);
create index on core.derogation (objet, cle);
create index on core.derogation (collectivite);
comment on table core.derogation is 'Règles auxquelles une personne a passé outre pour une fiche, et pourquoi';
alter table core.derogation enable row level security;
alter table core.derogation force row level security;
create policy proprietaire on core.derogation to finage_owner using (true) with check (true);
create policy sauvegarde on core.derogation for select to finage_backup using (true);
create policy lecture on core.derogation for select to finage_app using (collectivite = (select acces.ma_collectivite()));
create policy ajout on core.derogation for insert to finage_app with check (collectivite = (select acces.ma_collectivite()));
grant select, insert on core.derogation to finage_app;
grant select on core.derogation to finage_backup;

-- Level 0: what anybody may be told is declared all the same.
alter table core.champ_personnel drop constraint champ_personnel_niveau_check;
alter table core.champ_personnel add constraint champ_personnel_niveau_check check (niveau between 0 and 3);
