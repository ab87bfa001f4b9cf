-- Défunts, opérations, séjours. Un séjour est fait, clos ou annulé par une opération : rien ne s'efface.

create table defunt (
    id uuid primary key default gen_random_uuid(),
    civilite text,
    nom varchar(120) not null,
    nom_usage varchar(120),
    prenoms varchar(120),
    naissance date,
    naissance_annee integer check (naissance_annee between 1000 and 2200),
    deces_le date,
    deces_annee integer check (deces_annee between 1000 and 2200),
    deces_a time,
    lieu_deces varchar(120),
    mort_pour_la_france boolean not null default false,
    contagieux boolean not null default false,
    volonte_cremation text not null default 'inconnue',
    opposition boolean not null default false,
    publie boolean not null default false,
    observation text,
    check (naissance is null or deces_le is null or naissance <= deces_le)
);
comment on table defunt is 'Défunts';
comment on column defunt.nom is 'Nom de naissance';
create index on defunt (deces_le);

create table entreprise (
    id uuid primary key default gen_random_uuid(),
    nom varchar(160) not null,
    pompes_funebres boolean not null default true,
    marbrerie boolean not null default false,
    habilitation varchar(40),
    habilitation_fin date,
    adresse text,
    telephone varchar(40),
    courriel varchar(254)
);
comment on table entreprise is 'Entreprises : pompes funèbres, marbriers';

create table operation (
    id uuid primary key default gen_random_uuid(),
    numero text,
    genre text not null default 'inhumation',
    etat text not null default 'demandee',
    emplacement uuid not null references emplacement (id),
    destination uuid references emplacement (id),
    defunt uuid not null references defunt (id),
    forme text not null default 'cercueil',
    motif_droit text,
    lien_titulaire text,
    accord_titulaire boolean,
    demandeur uuid references personne (id),
    qualite_demandeur text,
    demandee_le date not null default current_date,
    prevue_le date,
    prevue_a time,
    autorisee_le date,
    realisee_le date,
    entreprise uuid references entreprise (id),
    entree_france_le date,
    procureur_le date,
    derogation_jusqu_au date,
    opposition_parent boolean not null default false,
    parent_present boolean,
    hors_public boolean,
    cercueil text,
    vers_cremation boolean not null default false,
    information_le date,
    niveau varchar(40),
    compensee_le date,
    compensation_motif text,
    observation text
);
comment on table operation is 'Opérations : inhumations, dépôts d''urne, exhumations, réductions, transferts';
create index on operation (emplacement);
create index on operation (destination);
create index on operation (defunt);
create index on operation (demandeur);
create index on operation (entreprise);
create index on operation (prevue_le);

create table sejour (
    id uuid primary key default gen_random_uuid(),
    defunt uuid not null references defunt (id),
    emplacement uuid not null references emplacement (id),
    forme text not null default 'cercueil',
    du date,
    du_annee integer check (du_annee between 1000 and 2200),
    au date,
    niveau varchar(40),
    entree uuid references operation (id),
    sortie uuid references operation (id),
    annule boolean not null default false,
    check (du is null or au is null or du <= au)
);
comment on table sejour is 'Séjours des défunts : où, sous quelle forme, de quand à quand';
create index on sejour (defunt);
create index on sejour (emplacement);
create index on sejour (entree);
create index on sejour (sortie);

-- Ce que fait une opération réalisée ; une compensation le défait, et l'histoire garde les deux.
create function derouler_operation() returns trigger
    language plpgsql set search_path = pg_catalog as $$
declare
    avant cimetiere.sejour;
    ou uuid;
begin
    if new.etat = 'realisee' and old.etat is distinct from 'realisee' then
        select s.* into avant from cimetiere.sejour s
            where s.defunt = new.defunt and s.au is null and not s.annule
            order by (s.emplacement = new.emplacement) desc, s.du desc nulls last limit 1;
        if new.genre in ('exhumation', 'reduction', 'reunion', 'transfert', 'sortie') or avant.id is not null then
            if avant.id is null then
                raise exception 'Ce défunt ne repose nulle part d''après le registre : enregistrez d''abord son inhumation.';
            end if;
            update cimetiere.sejour set au = new.realisee_le, sortie = new.id where id = avant.id;
        end if;
        ou := case when new.genre in ('exhumation', 'transfert') then new.destination
            when new.genre = 'sortie' then null
            when new.genre in ('reduction', 'reunion') then coalesce(new.destination, new.emplacement)
            else new.emplacement end;
        if ou is not null then
            insert into cimetiere.sejour (collectivite, insee, defunt, emplacement, forme, du, niveau, entree)
                values (new.collectivite, new.insee, new.defunt, ou,
                    case when new.genre in ('reduction', 'reunion') then 'reliquaire'
                        when new.genre = 'dispersion' then 'cendres' else new.forme end,
                    new.realisee_le, new.niveau, new.id);
        end if;
    elsif new.etat = 'compensee' and old.etat = 'realisee' then
        update cimetiere.sejour set annule = true where entree = new.id;
        update cimetiere.sejour set au = null, sortie = null where sortie = new.id;
    end if;
    return null;
end $$;
create trigger derouler after update of etat on operation for each row execute function derouler_operation();

-- Un défunt se publie quand il est mort et que rien ne s'y oppose : jamais un vivant.
create function publier_defunt() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    new.publie := not new.opposition and (new.deces_le is not null or new.deces_annee is not null);
    return new;
end $$;
create trigger publier before insert or update on defunt for each row execute function publier_defunt();
