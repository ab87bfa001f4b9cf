-- Travaux sur les sépultures ; procédures de reprise, étape par étape.

create table travaux (
    id uuid primary key default gen_random_uuid(),
    numero text,
    emplacement uuid not null references emplacement (id),
    entreprise uuid references entreprise (id),
    demandeur uuid references personne (id),
    nature text not null,
    description text,
    etat text not null default 'demande',
    demande_le date not null default current_date,
    autorise_le date,
    debut_le date,
    fin_le date,
    etat_avant text,
    etat_apres text,
    check (debut_le is null or fin_le is null or debut_le <= fin_le)
);
comment on table travaux is 'Travaux sur les sépultures';
create index on travaux (emplacement);
create index on travaux (entreprise);
create index on travaux (demandeur);

create table procedure (
    id uuid primary key default gen_random_uuid(),
    numero text,
    genre text not null default 'abandon',
    etat text not null default 'en_cours',
    emplacement uuid not null references emplacement (id),
    contrat uuid references contrat (id),
    ouverte_le date not null default current_date,
    ayants_droit_connus boolean not null default false,
    etape text,
    prochaine text,
    prochaine_le date,
    observation text
);
comment on table procedure is 'Procédures de reprise';
create index on procedure (emplacement);
create index on procedure (contrat);
create index on procedure (prochaine_le);

create table etape_procedure (
    id uuid primary key default gen_random_uuid(),
    procedure uuid not null references procedure (id),
    etape text not null,
    le date not null,
    reference varchar(120),
    constat text
);
comment on table etape_procedure is 'Étapes faites d''une procédure, avec leurs preuves';
comment on column etape_procedure.le is 'Faite le';
comment on column etape_procedure.reference is 'Numéro de l''acte ou du recommandé';
create index on etape_procedure (procedure);
