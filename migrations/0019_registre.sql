-- Numbers without holes: each is taken in the transaction of the record that bears it, and gone with it if that is undone.
-- Only the two functions below write here: no statement of the application makes a hole.

create table core.registre (
    serie text not null check (serie ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,2}$'),
    collectivite integer not null references acces.collectivite,
    annee integer not null check (annee = 0 or annee between 1900 and 9999),
    dernier integer not null check (dernier > 0),
    primary key (serie, collectivite, annee)
);
comment on table core.registre is 'Registres : le dernier numéro pris, par série, collectivité et année';
comment on column core.registre.annee is 'Année civile ; 0 pour une série qui ne recommence jamais';

create table core.registre_numero (
    serie text not null,
    collectivite integer not null,
    annee integer not null,
    numero integer not null check (numero > 0),
    libelle text not null check (libelle <> '' and length(libelle) <= 100),
    objet text not null references core.objet,
    cle uuid not null,
    attribue_le timestamptz not null default clock_timestamp(),
    attribue_par uuid,
    annule_le timestamptz,
    annule_par uuid,
    motif text check (motif <> '' and length(motif) <= 500),
    primary key (serie, collectivite, annee, numero),
    foreign key (serie, collectivite, annee) references core.registre,
    unique (serie, collectivite, libelle),
    check ((annule_le is null) = (motif is null)),
    check (annule_le is not null or annule_par is null)
);
comment on table core.registre_numero is 'Numéros pris dans un registre : ils se suivent, et aucun ne sert deux fois';
comment on column core.registre_numero.libelle is 'Numéro tel qu''on l''écrit : 2026-0451';
comment on column core.registre_numero.cle is 'Fiche qui porte le numéro';
comment on column core.registre_numero.annule_le is 'Annulé par un acte du journal ; le numéro ne resservira pas';
create index on core.registre_numero (objet, cle);

do $$
declare
    t text;
begin
    foreach t in array array['core.registre', 'core.registre_numero'] loop
        execute format('alter table %s enable row level security, force row level security', t);
        execute format('create policy proprietaire on %s to finage_owner using (true) with check (true)', t);
        execute format('create policy sauvegarde on %s for select to finage_backup using (true)', t);
        execute format('create policy lecture on %s for select to finage_app using (collectivite = (select acces.ma_collectivite()))', t);
        execute format('revoke all on %s from finage_app, finage_snapshot, finage_sql, finage_acces, finage_journal', t);
        execute format('grant select on %s to finage_app, finage_backup', t);
    end loop;
end $$;

create function core.garder_numero() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if tg_op = 'UPDATE' and old.annule_le is null and new.annule_le is not null
        and (to_jsonb(new) - array['annule_le', 'annule_par', 'motif']) = (to_jsonb(old) - array['annule_le', 'annule_par', 'motif'])
    then
        return new;
    end if;
    raise exception 'Un numéro pris ne change pas : il s''annule une fois, et ne s''efface jamais' using errcode = '42501';
end $$;
comment on function core.garder_numero is 'Déclencheur : d''un numéro pris, seule l''annulation s''écrit';
create trigger garde before update or delete on core.registre_numero for each row execute function core.garder_numero();

create function core.prendre_numero(
    serie text, annee integer, avant text, largeur integer, apres text, objet text, cle uuid,
    out numero integer, out libelle text)
    language plpgsql security definer set search_path = pg_catalog set lock_timeout = '10s' as $$
declare
    moi integer := acces.ma_collectivite();
begin
    if moi is null then
        raise exception 'Un numéro se prend pour une collectivité' using errcode = '42501';
    end if;
    -- One at a time: the next waits until the record of this one is kept or undone.
    perform pg_advisory_xact_lock(hashtextextended(format('finage registre %s %s %s', serie, moi, annee), 0));
    insert into core.registre as r (serie, collectivite, annee, dernier)
        values (prendre_numero.serie, moi, prendre_numero.annee, 1)
        on conflict on constraint registre_pkey do update set dernier = r.dernier + 1
        returning r.dernier into numero;
    libelle := avant || lpad(numero::text, greatest(largeur, length(numero::text)), '0') || apres;
    insert into core.registre_numero (serie, collectivite, annee, numero, libelle, objet, cle, attribue_par)
        values (prendre_numero.serie, moi, prendre_numero.annee, prendre_numero.numero, prendre_numero.libelle,
            prendre_numero.objet, prendre_numero.cle, acces.mon_utilisateur());
end $$;
comment on function core.prendre_numero is 'Prend le numéro suivant d''une série, pour la collectivité qui agit, dans la transaction en cours';

create function core.annuler_numero(serie text, annee integer, numero integer, motif text) returns text
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    moi integer := acces.ma_collectivite();
    annule text;
begin
    update core.registre_numero n
        set annule_le = clock_timestamp(), annule_par = acces.mon_utilisateur(), motif = annuler_numero.motif
        where n.serie = annuler_numero.serie and n.collectivite = moi and n.annee = annuler_numero.annee
            and n.numero = annuler_numero.numero and n.annule_le is null
        returning n.libelle into annule;
    if annule is not null then
        insert into journal.acte (utilisateur, login, collectivite, canal, action, objet, cle, details)
            values (acces.mon_utilisateur(), session_user, moi, acces.mon_canal(), 'annuler', 'registre', annule,
                jsonb_build_object('serie', serie, 'annee', annee, 'numero', numero, 'motif', motif));
    end if;
    return annule;
end $$;
comment on function core.annuler_numero is 'Annule un numéro pris et l''écrit au journal ; rend son libellé, nul s''il n''y avait rien à annuler';

revoke execute on function core.prendre_numero(text, integer, text, integer, text, text, uuid),
    core.annuler_numero(text, integer, integer, text) from public;
grant execute on function core.prendre_numero(text, integer, text, integer, text, text, uuid),
    core.annuler_numero(text, integer, integer, text) to finage_app;
