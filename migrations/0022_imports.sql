-- Imports of modules' objects: mappings remembered, files laid down, anomalies of what was taken over, numbers by lots.

create table core.correspondance (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    objet text not null references core.objet on delete cascade,
    signature text not null check (length(signature) = 64),
    correspondance jsonb not null check (jsonb_typeof(correspondance) = 'object'),
    retenue_le timestamptz not null default now(),
    retenue_par uuid,
    unique (collectivite, objet, signature)
);
comment on table core.correspondance is 'Correspondances retenues : les colonnes d''un fichier et les champs qu''elles remplissent';
comment on column core.correspondance.signature is 'SHA-256 des noms de colonnes : le même fichier la retrouve';

create table core.importation (
    id uuid primary key,
    collectivite integer not null references acces.collectivite,
    objet text not null references core.objet on delete cascade,
    nom text not null check (length(nom) <= 200),
    empreinte text not null check (length(empreinte) = 64),
    octets bigint not null,
    deposee_le timestamptz not null default now(),
    deposee_par uuid,
    demande jsonb check (jsonb_typeof(demande) = 'object'),
    travail uuid,
    faite_le timestamptz,
    bilan jsonb check (jsonb_typeof(bilan) = 'object')
);
comment on table core.importation is 'Fichiers déposés pour être importés, ce qui en a été demandé, ce qui en est résulté';
comment on column core.importation.empreinte is 'SHA-256 du contenu, gardé sept jours dans le dossier de données';
comment on column core.importation.demande is 'Correspondance et options avec lesquelles il a été lancé';
comment on column core.importation.faite_le is 'Écrit dans la transaction des fiches : nul tant que rien n''est importé';
create index on core.importation (collectivite, objet, deposee_le);

create table core.anomalie (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    objet text not null references core.objet on delete cascade,
    cle uuid not null,
    champ text not null default '',
    motif text not null check (motif <> '' and length(motif) <= 500),
    import uuid references core.importation,
    relevee_le timestamptz not null default now(),
    levee_le timestamptz
);
comment on table core.anomalie is 'Ce qui, dans des données reprises, enfreint les règles d''aujourd''hui : accepté, et à corriger';
comment on column core.anomalie.cle is 'Fiche';
comment on column core.anomalie.champ is 'Champ ; vide quand c''est toute la fiche';
comment on column core.anomalie.levee_le is 'Quand elle a cessé ; nul tant qu''elle est';
create unique index anomalie_ouverte on core.anomalie (objet, cle, champ, motif) where levee_le is null;
create index on core.anomalie (collectivite, objet) where levee_le is null;

do $$
declare
    t text;
    mienne text := 'collectivite = (select acces.ma_collectivite())';
begin
    foreach t in array array['core.correspondance', 'core.importation', 'core.anomalie'] loop
        execute format('alter table %s enable row level security, force row level security', t);
        execute format('create policy proprietaire on %s to finage_owner using (true) with check (true)', t);
        execute format('create policy sauvegarde on %s for select to finage_backup using (true)', t);
        execute format('create policy lecture on %s for select to finage_app using (%s)', t, mienne);
        execute format('create policy ajout on %s for insert to finage_app with check (%s)', t, mienne);
        execute format('create policy changement on %s for update to finage_app using (%s) with check (%2$s)', t, mienne);
        execute format('revoke all on %s from finage_app, finage_snapshot, finage_sql, finage_acces, finage_journal', t);
        execute format('grant select, insert, update on %s to finage_app', t);
        execute format('grant select on %s to finage_backup', t);
    end loop;
end $$;

create function core.prendre_numeros(
    serie text, annee integer, avant text, largeur integer, apres text, objet text, cles uuid[])
    returns table (cle uuid, libelle text)
    language plpgsql security definer set search_path = pg_catalog set lock_timeout = '10s' as $$
#variable_conflict use_column
declare
    moi integer := acces.ma_collectivite();
    nombre integer := cardinality(cles);
    dernier integer;
begin
    if moi is null then
        raise exception 'Un numéro se prend pour une collectivité' using errcode = '42501';
    end if;
    if coalesce(nombre, 0) = 0 then
        return;
    end if;
    -- One lot at a time, as core.prendre_numero.
    perform pg_advisory_xact_lock(hashtextextended(format('finage registre %s %s %s', serie, moi, annee), 0));
    insert into core.registre as r (serie, collectivite, annee, dernier)
        values (prendre_numeros.serie, moi, prendre_numeros.annee, nombre)
        on conflict on constraint registre_pkey do update set dernier = r.dernier + nombre
        returning r.dernier into dernier;
    return query
        insert into core.registre_numero as n (serie, collectivite, annee, numero, libelle, objet, cle, attribue_par)
        select prendre_numeros.serie, moi, prendre_numeros.annee, s.numero,
            avant || lpad(s.numero::text, greatest(largeur, length(s.numero::text)), '0') || apres,
            prendre_numeros.objet, s.cle, acces.mon_utilisateur()
        from (select u.cle, (dernier - nombre + u.rang)::integer as numero from unnest(cles) with ordinality u (cle, rang)) s
        returning n.cle, n.libelle;
end $$;
comment on function core.prendre_numeros is 'Prend les numéros suivants d''une série pour ces fiches, dans leur ordre, comme core.prendre_numero';

create function core.inscrire_numeros(serie text, objet text, annees integer[], numeros integer[], libelles text[], cles uuid[])
    returns setof uuid
    language plpgsql security definer set search_path = pg_catalog set lock_timeout = '10s' as $$
#variable_conflict use_column
declare
    moi integer := acces.ma_collectivite();
    une integer;
begin
    if moi is null then
        raise exception 'Un numéro se prend pour une collectivité' using errcode = '42501';
    end if;
    -- In their order, so that two lots never wait for one another.
    for une in select distinct u.annee from unnest(annees) u (annee) order by 1 loop
        perform pg_advisory_xact_lock(hashtextextended(format('finage registre %s %s %s', serie, moi, une), 0));
    end loop;
    insert into core.registre as r (serie, collectivite, annee, dernier)
        select inscrire_numeros.serie, moi, u.annee, max(u.numero) from unnest(annees, numeros) u (annee, numero) group by u.annee
        on conflict on constraint registre_pkey do update set dernier = greatest(r.dernier, excluded.dernier);
    return query
        insert into core.registre_numero as n (serie, collectivite, annee, numero, libelle, objet, cle, attribue_par)
        select inscrire_numeros.serie, moi, u.annee, u.numero, u.libelle, inscrire_numeros.objet, u.cle, acces.mon_utilisateur()
        from unnest(annees, numeros, libelles, cles) u (annee, numero, libelle, cle)
        on conflict do nothing
        returning n.cle;
end $$;
comment on function core.inscrire_numeros is
    'Inscrit des numéros donnés avant Finage : le prochain pris suit le plus grand ; rend les fiches dont le numéro était libre';

revoke execute on function core.prendre_numeros(text, integer, text, integer, text, text, uuid[]),
    core.inscrire_numeros(text, text, integer[], integer[], text[], uuid[]) from public;
grant execute on function core.prendre_numeros(text, integer, text, integer, text, text, uuid[]),
    core.inscrire_numeros(text, text, integer[], integer[], text[], uuid[]) to finage_app;

create function core.fuseau(insee text) returns text
    language sql immutable parallel safe
    as $$ select case left(insee, 3)
        when '971' then 'America/Guadeloupe' when '972' then 'America/Martinique' when '973' then 'America/Cayenne'
        when '974' then 'Indian/Reunion' when '975' then 'America/Miquelon' when '976' then 'Indian/Mayotte'
        when '977' then 'America/St_Barthelemy' when '978' then 'America/Marigot' when '986' then 'Pacific/Wallis'
        when '987' then 'Pacific/Tahiti' when '988' then 'Pacific/Noumea'
        else 'Europe/Paris' end $$;
comment on function core.fuseau is 'Fuseau horaire de la commune : ce que montrent ses horloges';
