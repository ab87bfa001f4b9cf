-- Letters and acts of modules: the text that a collectivité puts in the place of a module's.

create table core.gabarit (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune,
    objet text not null references core.objet (nom),
    document text not null check (document ~ '^[a-z][a-z0-9_]*$'),
    texte text not null check (texte <> '' and octet_length(texte) <= 262144),
    origine text not null check (origine ~ '^[0-9a-f]{64}$'),
    version integer not null default 1,
    creee_le timestamptz not null default now(),
    archivee_le timestamptz
);
comment on table core.gabarit is 'Gabarits de documents réécrits par une collectivité : ils remplacent ceux des modules, pour elle seule';
comment on column core.gabarit.insee is 'Toujours nulle : un gabarit vaut pour toute la collectivité';
comment on column core.gabarit.objet is 'Objet du module dont le document est fait';
comment on column core.gabarit.texte is 'Gabarit Typst';
comment on column core.gabarit.origine is 'SHA-256 du texte du module que celui-ci remplaçait : il a pu changer depuis';
comment on column core.gabarit.archivee_le is 'Retour au texte du module ; nul pour le texte en vigueur';
create unique index on core.gabarit (collectivite, objet, document) where archivee_le is null;
create index on core.gabarit (objet);
create trigger version before update on core.gabarit for each row execute function core.avancer_version();

call core.proteger('gabarit', 'core.gabarit', 'documents');

insert into acces.droit (role, objet, action)
    select id, 'gabarit', action from acces.role, (values ('lire'), ('changer')) a (action)
    where code = 'gestionnaire' and collectivite is null;
