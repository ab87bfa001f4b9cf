-- Personal data of modules: why, how long, and their end. Nothing is destroyed but from a list that the Archives approved.

create table core.champ_personnel (
    objet text not null references core.objet (nom) on delete cascade,
    champ text not null,
    module text not null references core.module on delete cascade,
    finalite text not null,
    niveau smallint not null check (niveau between 1 and 3),
    conservation interval,
    sort text not null check (sort in ('detruire', 'echantillonner', 'transferer')),
    primary key (objet, champ)
);
comment on table core.champ_personnel is 'Données personnelles des modules, comme leurs manifestes les déclarent';
comment on column core.champ_personnel.conservation is 'Durée depuis la fin d''usage, qui est l''archivage de la fiche ; nulle : sans terme';
comment on column core.champ_personnel.sort is 'Sort final (code du patrimoine, L212-2 et L212-3)';
grant select on core.champ_personnel to finage_app, finage_backup;

create table core.elimination (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune,
    objet text not null references core.objet (nom),
    finalite text not null,
    sort text not null check (sort in ('detruire', 'echantillonner', 'transferer')),
    champs text[] not null,
    cles uuid[] not null check (cardinality(cles) between 1 and 50000),
    exportee_le timestamptz,
    visa text check (visa <> '' and length(visa) <= 200),
    visa_le date,
    executee_le timestamptz,
    archivee_le timestamptz,
    version integer not null default 1,
    creee_le timestamptz not null default now(),
    check ((visa is null) = (visa_le is null)),
    check (executee_le is null or (visa is not null and exportee_le is not null))
);
comment on table core.elimination is 'Bordereaux d''élimination ou de transfert : exportés, visés par les Archives, puis exécutés';
comment on column core.elimination.visa is 'Référence du visa des Archives';
comment on column core.elimination.exportee_le is 'Dernier export de la liste : rien ne s''exécute sans lui';
create index on core.elimination (collectivite);
create index on core.elimination (insee);
create trigger version before update on core.elimination for each row execute function core.avancer_version();
call core.proteger('elimination', 'core.elimination', 'rgpd');

create function core.eliminer(bordereau uuid) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    liste core.elimination;
    relation text;
    poses text;
    nombre bigint;
begin
    select * into liste from core.elimination e
        where e.id = bordereau and e.collectivite = acces.ma_collectivite() for update;
    if not found or liste.executee_le is not null or liste.visa is null or liste.exportee_le is null then
        raise exception 'ce bordereau n''est pas exporté et visé, ou a déjà été exécuté' using errcode = 'P0001';
    end if;
    select o.relation into relation from core.objet o where o.nom = liste.objet;
    select string_agg(format('%I = %s', a.attname, case when not a.attnotnull then 'null'
            when t.typcategory = 'S' then quote_literal('—') when t.typcategory = 'D' then quote_literal('0001-01-01') else '0' end), ', ')
        into poses
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = relation::regclass and a.attname = any (liste.champs) and not a.attisdropped;
    -- A row that was taken up again since is kept.
    execute format('update %s set %s where id = any ($1) and collectivite = $2 and archivee_le is not null', relation, poses)
        using liste.cles, liste.collectivite;
    get diagnostics nombre = row_count;
    update core.historique h set avant = h.avant - liste.champs, apres = h.apres - liste.champs
        where h.objet = liste.objet and h.cle = any (select c::text from unnest(liste.cles) c) and h.collectivite = liste.collectivite;
    update core.elimination set executee_le = now() where id = bordereau;
    return nombre;
end $$;
comment on function core.eliminer is 'Exécute un bordereau exporté et visé : les champs personnels quittent les fiches et leur histoire ; rend le nombre de fiches';
revoke all on function core.eliminer(uuid) from public;
grant execute on function core.eliminer(uuid) to finage_app;

insert into acces.droit (role, objet, action)
    select r.id, 'elimination', a.action from acces.role r, (values ('lire'), ('creer'), ('changer'), ('exporter')) a (action)
    where r.code = 'dpo' and r.collectivite is null;
