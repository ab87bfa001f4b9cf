-- Files attached to objects of collectivités, and whose a job is.

create table core.piece_jointe (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune,
    objet text not null references core.objet (nom),
    cle text not null check (cle <> ''),
    nom text not null check (nom <> '' and length(nom) <= 200),
    type text not null check (type ~ '^[a-z]+/[a-z0-9.+-]+$'),
    octets bigint not null check (octets between 1 and 20971520),
    empreinte bytea not null check (length(empreinte) = 32),
    archivee_le timestamptz,
    creee_le timestamptz not null default now()
);
comment on table core.piece_jointe is 'Fichiers joints aux objets : leur contenu est dans le dossier de données, sous son empreinte';
comment on column core.piece_jointe.cle is 'Clé de l''objet auquel le fichier est joint';
comment on column core.piece_jointe.empreinte is 'SHA-256 du contenu, et son nom dans fichiers/';
comment on column core.piece_jointe.archivee_le is 'Retiré de la fiche ; ligne et contenu restent';
create index on core.piece_jointe (objet, cle);
create index on core.piece_jointe (collectivite);
create index on core.piece_jointe (insee);

call core.proteger('fichier_joint', 'core.piece_jointe', 'sig');
-- The mission that opens a file to others is that of the object it hangs on.
alter policy lecture on core.piece_jointe using (
    collectivite = (select acces.ma_collectivite())
    or insee = any ((select acces.mes_communes(o.mission) from core.objet o where o.nom = objet)::text[]));
alter policy changement on core.piece_jointe using (
    collectivite = (select acces.ma_collectivite())
    or insee = any ((select acces.mes_communes(o.mission) from core.objet o where o.nom = objet)::text[]))
with check (
    collectivite = (select acces.ma_collectivite())
    or insee = any ((select acces.mes_communes(o.mission) from core.objet o where o.nom = objet)::text[]));

create function core.suivre_commune() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    update core.piece_jointe set insee = new.insee
    where objet = tg_argv[0] and cle = new.id::text and insee is distinct from new.insee;
    return null;
end $$;
comment on function core.suivre_commune is 'Déclencheur (objet) : les fichiers joints sont dans la commune de leur objet';
create trigger fichiers after update on core.annotation for each row
    when (old.insee is distinct from new.insee) execute function core.suivre_commune('annotation');
create trigger fichiers after update on core.personne for each row
    when (old.insee is distinct from new.insee) execute function core.suivre_commune('personne');

create index annotation_texte_idx on core.annotation using gin (texte gin_trgm_ops);
create index annotation_creee_idx on core.annotation (creee_le desc, id);

alter table core.travail add column depose_par uuid;
comment on column core.travail.depose_par is 'Compte qui l''a déposé : lui seul le voit. Nul pour le public, où l''adresse du travail en est la clé';
