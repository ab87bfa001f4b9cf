-- Who people are, and what they may do. finage_acces alone reads these tables: a fault in a public page finds no password there.

create table acces.utilisateur (
    id uuid primary key,
    email text not null check (email = lower(email) and email like '%_@_%'),
    nom text not null check (nom <> ''),
    mot_de_passe text,
    mot_de_passe_le timestamptz,
    administrateur boolean not null default false,
    actif boolean not null default true,
    totp_secret bytea,
    totp_confirme_le timestamptz,
    totp_dernier bigint,
    cree_le timestamptz not null default now(),
    vu_le timestamptz,
    unique (email)
);
comment on table acces.utilisateur is 'Comptes';
comment on column acces.utilisateur.mot_de_passe is 'Empreinte Argon2id au format PHC ; nulle tant qu''aucun mot de passe n''est choisi';
comment on column acces.utilisateur.administrateur is 'Administre l''installation : comptes, collectivités, rôles. Ne donne aucun droit sur les données';
comment on column acces.utilisateur.totp_secret is 'Secret du second facteur, chiffré par une clé gardée hors de la base';
comment on column acces.utilisateur.totp_dernier is 'Dernier intervalle accepté : un code ne sert qu''une fois';

create table acces.identite_externe (
    fournisseur text not null,
    sujet text not null,
    utilisateur uuid not null references acces.utilisateur on delete cascade,
    liee_le timestamptz not null default now(),
    primary key (fournisseur, sujet)
);
comment on table acces.identite_externe is 'Comptes liés à un fournisseur OpenID Connect, par leur « sub »';
create index on acces.identite_externe (utilisateur);

create table acces.essai (
    id bigint generated always as identity primary key,
    cle bytea not null,
    le timestamptz not null default clock_timestamp()
);
comment on table acces.essai is 'Essais de connexion manqués, par empreinte de l''adresse électronique ou de l''adresse réseau ; effacés après un jour';
create index on acces.essai (cle, le);

create table acces.session (
    empreinte bytea primary key check (length(empreinte) = 32),
    id uuid not null unique,
    utilisateur uuid not null references acces.utilisateur on delete cascade,
    collectivite integer references acces.collectivite,
    second_facteur boolean not null,
    vue_comme uuid references acces.utilisateur on delete cascade,
    ouverte_le timestamptz not null default now(),
    vue_le timestamptz not null default now(),
    expire_le timestamptz not null,
    poste text
);
comment on table acces.session is 'Sessions ouvertes ; le navigateur tient le jeton, la base son empreinte';
comment on column acces.session.id is 'Nom de la session dans les listes : ne permet pas de l''ouvrir';
comment on column acces.session.collectivite is 'Collectivité pour laquelle le compte agit';
comment on column acces.session.second_facteur is 'Second facteur présenté';
comment on column acces.session.vue_comme is '« Voir comme » : les droits sont ceux de ce compte, en lecture seule';
comment on column acces.session.poste is 'Navigateur et système, en clair et en bref';
create index on acces.session (utilisateur);
create index on acces.session (expire_le);

create table acces.jeton (
    id uuid primary key,
    empreinte bytea not null unique check (length(empreinte) = 32),
    utilisateur uuid not null references acces.utilisateur on delete cascade,
    collectivite integer not null references acces.collectivite,
    libelle text not null,
    portee text[] not null check (portee <@ array['read', 'write'] and portee <> '{}'),
    cree_le timestamptz not null default now(),
    expire_le timestamptz not null,
    vu_le timestamptz,
    revoque_le timestamptz
);
comment on table acces.jeton is 'Jetons des programmes : leur empreinte, leur portée, leur terme';
create index on acces.jeton (utilisateur);

create table acces.lien (
    empreinte bytea primary key check (length(empreinte) = 32),
    utilisateur uuid not null references acces.utilisateur on delete cascade,
    cree_le timestamptz not null default now(),
    expire_le timestamptz not null,
    utilise_le timestamptz
);
comment on table acces.lien is 'Liens qui servent une fois, pour choisir un mot de passe';
create index on acces.lien (utilisateur);

create table acces.code_secours (
    utilisateur uuid not null references acces.utilisateur on delete cascade,
    empreinte bytea not null check (length(empreinte) = 32),
    utilise_le timestamptz,
    primary key (utilisateur, empreinte)
);
comment on table acces.code_secours is 'Codes de secours du second facteur';

alter table core.sql_role add foreign key (utilisateur) references acces.utilisateur;

create table acces.role (
    id integer generated always as identity primary key,
    code text not null check (code ~ '^[a-z][a-z0-9_]{1,39}$'),
    libelle text not null check (libelle <> ''),
    collectivite integer references acces.collectivite
);
create unique index on acces.role (code) where collectivite is null;
create unique index on acces.role (collectivite, code) where collectivite is not null;
comment on table acces.role is 'Rôles : livrés avec Finage (collectivite nulle) ou propres à une collectivité';

create table acces.droit (
    id bigint generated always as identity primary key,
    role integer not null references acces.role on delete cascade,
    objet text not null check (objet ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$'),
    action text not null check (action in ('lire', 'creer', 'changer', 'archiver', 'transiter', 'exporter', 'imprimer', 'nominatif')),
    lignes text,
    champs text[],
    niveau smallint not null default 0 check (niveau between 0 and 3)
);
create index on acces.droit (role);
comment on table acces.droit is 'Ce qu''un rôle permet : rien n''est permis qui n''y est pas';
comment on column acces.droit.lignes is 'Expression que les lignes vérifient (CQL2) ; nulle pour toutes';
comment on column acces.droit.champs is 'Champs visibles ou modifiables ; nul pour tous ceux du niveau';
comment on column acces.droit.niveau is 'Données nominatives vues, avec l''action nominatif : 1 nom et adresse, 2 naissance et descriptifs, 3 fiscal';

create table acces.attribution (
    id bigint generated always as identity primary key,
    utilisateur uuid not null references acces.utilisateur on delete cascade,
    role integer not null references acces.role on delete cascade,
    collectivite integer not null references acces.collectivite,
    communes text[],
    finalites text[] not null default '{}',
    du date not null default current_date,
    au date check (au > du),
    cree_le timestamptz not null default now(),
    cree_par uuid references acces.utilisateur on delete set null
);
comment on table acces.attribution is 'Rôles tenus par un compte pour une collectivité, avec leur terme';
comment on column acces.attribution.communes is 'Communes où le rôle vaut ; nul pour tout le territoire';
comment on column acces.attribution.finalites is 'Finalités déclarées : sans elles, aucune donnée nominative';
comment on column acces.attribution.au is 'Premier jour où le rôle n''est plus tenu';
create index on acces.attribution (utilisateur);
create index on acces.attribution (collectivite);

-- What a session knows of rights is forgotten at once.
create function acces.annonce() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform pg_notify('finage_acces', tg_table_name);
    return null;
end $$;
comment on function acces.annonce is 'Annonce sur le canal finage_acces que comptes, rôles, attributions, missions ou territoires ont changé';
create trigger annonce after update or delete on acces.utilisateur
    for each statement execute function acces.annonce();
create trigger annonce after update of collectivite, vue_comme or delete on acces.session
    for each statement execute function acces.annonce();
create trigger annonce after update of revoque_le or delete on acces.jeton
    for each statement execute function acces.annonce();
do $$
declare
    t text;
begin
    foreach t in array array['role', 'droit', 'attribution', 'collectivite', 'mission', 'territoire'] loop
        execute format('create trigger annonce after insert or update or delete or truncate on acces.%I
            for each statement execute function acces.annonce()', t);
    end loop;
end $$;

insert into acces.role (code, libelle) values
    ('lecteur', 'Lecteur'),
    ('agent', 'Agent'),
    ('dpo', 'Délégué à la protection des données'),
    ('gestionnaire', 'Gestionnaire des comptes de la collectivité');
insert into acces.droit (role, objet, action)
    select r.id, 'annotation', a.action from acces.role r
    join (values ('lecteur', 'lire'), ('lecteur', 'exporter'), ('agent', 'lire'), ('agent', 'creer'), ('agent', 'changer'),
        ('agent', 'archiver'), ('agent', 'exporter'), ('agent', 'imprimer')) a (role, action) on a.role = r.code;
insert into acces.droit (role, objet, action, niveau)
    select r.id, 'personne', a.action, a.niveau from acces.role r
    join (values ('agent', 'lire', 0), ('agent', 'creer', 0), ('agent', 'changer', 0), ('agent', 'nominatif', 1),
        ('dpo', 'lire', 0), ('dpo', 'changer', 0), ('dpo', 'exporter', 0), ('dpo', 'nominatif', 3)) a (role, action, niveau) on a.role = r.code;
insert into acces.droit (role, objet, action)
    select id, 'journal', action from acces.role, (values ('lire'), ('exporter')) a (action) where code = 'dpo';
insert into acces.droit (role, objet, action)
    select id, 'attribution', action from acces.role, (values ('lire'), ('creer'), ('changer')) a (action) where code = 'gestionnaire';
