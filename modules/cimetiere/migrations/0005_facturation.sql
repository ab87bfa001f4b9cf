-- Facturation : factures et avoirs sans trou, encaissements de la régie. Une facture émise ne change plus.

create table facture (
    id uuid primary key default gen_random_uuid(),
    numero text,
    genre text not null default 'facture',
    etat text not null default 'projet',
    destinataire uuid not null references personne (id),
    contrat uuid references contrat (id),
    operation uuid references operation (id),
    origine uuid references facture (id),
    emise_le date,
    echeance date,
    total numeric(12, 2) not null default 0,
    part_ccas numeric(12, 2) not null default 0,
    paye numeric(12, 2) not null default 0,
    titre varchar(40),
    titre_le date,
    observation text
);
comment on table facture is 'Factures et avoirs';
create index on facture (destinataire);
create index on facture (contrat);
create index on facture (operation);
create index on facture (origine);

create table ligne_facture (
    id uuid primary key default gen_random_uuid(),
    facture uuid not null references facture (id),
    libelle varchar(200) not null,
    tarif uuid references tarif (id),
    quantite numeric(8, 2) not null default 1 check (quantite > 0),
    prix numeric(10, 2) not null,
    montant numeric(12, 2),
    ccas numeric(12, 2) not null default 0
);
comment on table ligne_facture is 'Lignes des factures';
create index on ligne_facture (facture);
create index on ligne_facture (tarif);

create table encaissement (
    id uuid primary key default gen_random_uuid(),
    numero text,
    facture uuid not null references facture (id),
    le date not null default current_date,
    montant numeric(12, 2) not null check (montant <> 0),
    mode text not null,
    reference varchar(80)
);
comment on table encaissement is 'Encaissements : le journal de la régie';
create index on encaissement (facture);
create index on encaissement (le);

create function compter_ligne() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    new.montant := round(new.quantite * new.prix, 2);
    return new;
end $$;
create trigger compter before insert or update on ligne_facture for each row execute function compter_ligne();

create function totaliser_facture() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    update cimetiere.facture f set total = t.total, part_ccas = t.ccas
    from (select coalesce(sum(l.montant), 0) total, coalesce(sum(l.ccas), 0) ccas from cimetiere.ligne_facture l
        where l.facture = new.facture and l.archivee_le is null) t
    where f.id = new.facture;
    return null;
end $$;
create trigger totaliser after insert or update on ligne_facture for each row execute function totaliser_facture();

-- Une facture tout encaissée est payée ; le programme du module refuse ce qui dépasserait.
create function encaisser() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    perform set_config('finage.verrou', 'ouvert', true);
    update cimetiere.facture f set paye = e.somme,
        etat = case when f.etat in ('emise', 'payee') then case when e.somme = f.total then 'payee' else 'emise' end else f.etat end
    from (select coalesce(sum(e.montant), 0) somme from cimetiere.encaissement e where e.facture = new.facture) e
    where f.id = new.facture;
    perform set_config('finage.verrou', '', true);
    return null;
end $$;
create trigger encaisser after insert on encaissement for each row execute function encaisser();
