-- The first objects that belong to collectivités: annotations of the map, and persons.

create table core.annotation (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune,
    titre text not null check (titre <> '' and length(titre) <= 200),
    texte text not null default '' check (length(texte) <= 10000),
    categorie text not null default 'note' check (categorie in ('note', 'a_verifier', 'projet', 'travaux')),
    archivee_le timestamptz,
    version integer not null default 1,
    creee_le timestamptz not null default now(),
    geom geometry(Geometry, 2154) not null
);
comment on table core.annotation is 'Annotations de la carte : repères, tracés et notes des agents';
comment on column core.annotation.version is 'Augmente à chaque changement (If-Match)';
create index annotation_geom_idx on core.annotation using gist (geom);
create index on core.annotation (collectivite);
create index on core.annotation (insee);
create index annotation_titre_idx on core.annotation using gin (titre gin_trgm_ops);

create table core.personne (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune,
    finalite text not null check (finalite ~ '^[a-z][a-z0-9_]*$'),
    nom text not null check (nom <> '' and length(nom) <= 200),
    prenoms text check (length(prenoms) <= 200),
    adresse text check (length(adresse) <= 1000),
    courriel text check (length(courriel) <= 320),
    telephone text check (length(telephone) <= 40),
    naissance date,
    lieu_naissance text check (length(lieu_naissance) <= 200),
    opposition_publication boolean not null default false,
    archivee_le timestamptz,
    version integer not null default 1,
    creee_le timestamptz not null default now()
);
comment on table core.personne is 'Personnes connues d''une collectivité pour une finalité ; jamais rapprochées d''une finalité à l''autre sans acte';
comment on column core.personne.finalite is 'Finalité pour laquelle la personne est connue : urbanisme, cimetiere, assainissement…';
comment on column core.personne.opposition_publication is 'La personne s''oppose à ce que son nom soit publié';
create index on core.personne (collectivite);
create index on core.personne (insee);
create index personne_nom_idx on core.personne using gin (nom gin_trgm_ops);

create function core.avancer_version() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    new.version := old.version + 1;
    return new;
end $$;
comment on function core.avancer_version is 'Déclencheur : la version suit chaque changement, d''où qu''il vienne';
create trigger version before update on core.annotation for each row execute function core.avancer_version();
create trigger version before update on core.personne for each row execute function core.avancer_version();

call core.proteger('annotation', 'core.annotation', 'sig');
call core.proteger('personne', 'core.personne', 'etat_civil');

insert into core.couche (id, libelle, audience, zoom_min, zoom_max, ordre) values
    ('annotations', 'Annotations', 'agent', 10, 22, 200);
