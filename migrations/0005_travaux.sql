-- Long work: the queue, and the files it produces. What a job does is the program's business; here is only its life.

create table core.travail (
    id uuid primary key,
    genre text not null,
    libelle text not null,
    demandeur text not null,
    parametres jsonb not null,
    etat text not null default 'attente' check (etat in ('attente', 'en_cours', 'fait', 'annule', 'echec')),
    annulation boolean not null default false,
    fait integer not null default 0 check (fait >= 0),
    total integer check (total >= 0),
    message text,
    rapport jsonb,
    erreur text,
    resultat_nom text,
    resultat_type text,
    resultat_octets bigint check (resultat_octets >= 0),
    essai integer not null default 0,
    pannes smallint not null default 0,
    battement timestamptz,
    depose_le timestamptz not null default now(),
    debut timestamptz,
    fin timestamptz,
    expire_le timestamptz,
    check ((fin is not null) = (etat in ('fait', 'annule', 'echec'))),
    check ((expire_le is not null) = (fin is not null))
) with (fillfactor = 70);
comment on table core.travail is 'File des travaux longs : demandés, en cours, terminés et gardés jusqu''à expire_le';
comment on column core.travail.id is 'UUID v4 imprévisible : qui le connaît peut voir et annuler le travail';
comment on column core.travail.genre is 'Sorte de travail, telle que le programme la nomme';
comment on column core.travail.libelle is 'Nom montré, une ligne';
comment on column core.travail.demandeur is 'Qui l''a déposé : adresse du poste tant que les identités n''existent pas';
comment on column core.travail.parametres is 'Ce qui est demandé, vérifié au dépôt';
comment on column core.travail.etat is 'attente, en_cours, puis fait, annule ou echec';
comment on column core.travail.annulation is 'Annulation demandée pendant l''exécution';
comment on column core.travail.fait is 'Unités faites, sur total';
comment on column core.travail.total is 'Unités à faire ; nul tant qu''il n''est pas connu';
comment on column core.travail.message is 'Ce qui se fait en ce moment, une phrase';
comment on column core.travail.rapport is 'Compte rendu : résumé et lignes';
comment on column core.travail.erreur is 'Pourquoi le travail a échoué, une phrase';
comment on column core.travail.resultat_nom is 'Nom du fichier rendu : la pièce unique, ou l''archive des pièces';
comment on column core.travail.resultat_type is 'Type MIME du fichier rendu';
comment on column core.travail.resultat_octets is 'Taille du fichier rendu, en octets';
comment on column core.travail.essai is 'Augmente à chaque prise en charge : seul l''essai en cours peut écrire';
comment on column core.travail.pannes is 'Prises en charge interrompues par un arrêt brutal';
comment on column core.travail.battement is 'Dernier signe de vie de l''ouvrier ; au-delà du bail, un autre reprend le travail';
comment on column core.travail.depose_le is 'Date du dépôt';
comment on column core.travail.debut is 'Première prise en charge';
comment on column core.travail.fin is 'Date de l''état final';
comment on column core.travail.expire_le is 'Date à partir de laquelle le travail et ses pièces sont effacés';
create index on core.travail (depose_le) where etat in ('attente', 'en_cours');
create index on core.travail (demandeur, depose_le);
create index on core.travail (expire_le) where expire_le is not null;

create table core.travail_piece (
    travail uuid not null references core.travail on delete cascade,
    rang integer not null check (rang >= 0),
    nom text not null,
    type text not null,
    octets bigint not null,
    crc32 bigint not null check (crc32 between 0 and 4294967295),
    livree boolean not null,
    contenu bytea not null check (length(contenu) = octets),
    primary key (travail, rang)
);
comment on table core.travail_piece is 'Fichiers produits par un travail, rangés dès qu''ils sont faits : un travail repris ne les refait pas';
comment on column core.travail_piece.rang is 'Place de la pièce, choisie par le travail ; sa présence dit qu''elle est faite';
comment on column core.travail_piece.nom is 'Nom du fichier, sans chemin';
comment on column core.travail_piece.type is 'Type MIME';
comment on column core.travail_piece.octets is 'Taille en octets';
comment on column core.travail_piece.crc32 is 'Somme de contrôle CRC-32, celle des archives ZIP';
comment on column core.travail_piece.livree is 'Rendue au demandeur ; sinon intermédiaire, effacée à la fin';
comment on column core.travail_piece.contenu is 'Le fichier';
-- Files are compressed already, and are read by slices.
alter table core.travail_piece alter column contenu set storage external;

-- Workers and those who follow a job are told at once; polling covers what a notification misses.
create function core.travail_annonce() returns trigger
    language plpgsql as $$
begin
    perform pg_notify('finage_travail',
        case when new.annulation and new.etat = 'en_cours' then 'annulation' else new.etat end || ' ' || new.id);
    return null;
end $$;
comment on function core.travail_annonce is 'Annonce sur le canal finage_travail : « état identifiant », ou « annulation identifiant » quand elle vient d''être demandée';
create trigger annonce_depot after insert on core.travail
    for each row execute function core.travail_annonce();
create trigger annonce_changement after update on core.travail
    for each row when (
        (old.etat, old.fait, old.total, old.message, old.annulation, old.rapport is null)
            is distinct from (new.etat, new.fait, new.total, new.message, new.annulation, new.rapport is null)
    ) execute function core.travail_annonce();

-- The only tables that the application writes: reading the default privileges give.
grant insert, update, delete on core.travail to finage_app;
grant insert, delete on core.travail_piece to finage_app;
