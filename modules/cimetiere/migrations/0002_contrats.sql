-- Personnes, tarifs, réglages, contrats dans le temps.

create table personne (
    id uuid primary key default gen_random_uuid(),
    civilite text,
    nom varchar(120) not null,
    nom_usage varchar(120),
    prenoms varchar(120),
    adresse text,
    code_postal varchar(12),
    ville varchar(120),
    telephone varchar(40),
    courriel varchar(254),
    naissance date,
    decede boolean not null default false,
    observation text
);
comment on table personne is 'Personnes connues du service des cimetières, et de lui seul';
comment on column personne.nom is 'Nom de naissance';
comment on column personne.nom_usage is 'Nom d''usage';
comment on column personne.prenoms is 'Prénoms';

-- Un réglage par collectivité ; sans ligne, les valeurs par défaut.
create table reglage (
    id uuid primary key default gen_random_uuid(),
    paiement text not null default 'titre',
    avis_mois integer not null default 6 check (avis_mois between 0 and 60),
    reduction_ans integer not null default 5 check (reduction_ans between 5 and 100),
    rotation_ans integer not null default 5 check (rotation_ans between 5 and 100),
    part_ccas numeric(8, 2) not null default 0 check (part_ccas between 0 and 100),
    controle_droit boolean not null default true,
    publication_defunts boolean not null default true
);
comment on table reglage is 'Réglages du service des cimetières';

create table tarif (
    id uuid primary key default gen_random_uuid(),
    libelle varchar(160) not null,
    usage text not null default 'concession',
    nature text,
    duree text,
    annees integer check (annees between 1 and 100),
    hors_commune boolean not null default false,
    prix numeric(10, 2) not null check (prix >= 0),
    surface_base numeric(8, 2) not null default 2 check (surface_base > 0),
    prix_m2 numeric(10, 2) not null default 0 check (prix_m2 >= 0),
    part_ccas numeric(8, 2) check (part_ccas between 0 and 100),
    deliberation varchar(120),
    deliberation_le date,
    effet_le date not null,
    fin_le date,
    check (fin_le is null or fin_le > effet_le)
);
comment on table tarif is 'Tarifs votés';
comment on column tarif.effet_le is 'En vigueur le';
comment on column tarif.fin_le is 'Premier jour où il n''est plus en vigueur';
create index on tarif (effet_le);

create table contrat (
    id uuid primary key default gen_random_uuid(),
    numero text,
    emplacement uuid not null references emplacement (id),
    genre text not null default 'achat',
    precedent uuid references contrat (id),
    classe text not null default 'familiale',
    duree text not null default 'trentenaire',
    annees integer check (annees between 1 and 100),
    etat text not null default 'projet',
    titulaire uuid references personne (id),
    acte_le date,
    debut_le date,
    fin_le date,
    demande_le date,
    surface numeric(8, 2) check (surface > 0),
    tarif uuid references tarif (id),
    prix numeric(10, 2) check (prix >= 0),
    tiers_payeur boolean not null default false,
    rembourse numeric(10, 2) check (rembourse >= 0),
    deliberation_le date,
    ancien_numero varchar(60),
    observation text
);
comment on table contrat is 'Contrats de concession, un par achat, renouvellement, conversion ou rétrocession';
create index on contrat (emplacement);
create index on contrat (precedent);
create index on contrat (titulaire);
create index on contrat (tarif);
create index on contrat (fin_le);

create table ayant_droit (
    id uuid primary key default gen_random_uuid(),
    contrat uuid not null references contrat (id),
    personne uuid not null references personne (id),
    qualite text not null default 'ayant_droit',
    lien varchar(80),
    source text,
    informe_le date,
    observation text
);
comment on table ayant_droit is 'Titulaires, bénéficiaires nommés et ayants droit d''un contrat';
create index on ayant_droit (contrat);
create index on ayant_droit (personne);

-- L'échéance d'un contrat suit de son début et de sa durée : le programme du module la calcule. Ce qu'un contrat remplace est
-- clos par lui.
create function clore_precedent() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if new.precedent is not null and new.etat = 'signe' and old.etat is distinct from 'signe' then
        perform set_config('finage.verrou', 'ouvert', true);
        update cimetiere.contrat set etat = 'clos' where id = new.precedent and etat = 'signe';
        perform set_config('finage.verrou', '', true);
    end if;
    return null;
end $$;
create trigger clore_precedent after update of etat on contrat for each row execute function clore_precedent();
