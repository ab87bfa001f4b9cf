-- Ce que déclarent les ayants droit, par le formulaire public ou au guichet : reçu, puis traité ou refusé.

create table declaration (
    id uuid primary key default gen_random_uuid(),
    numero text,
    etat text not null default 'recue',
    recue_le date not null default current_date,
    cimetiere uuid not null references cimetiere (id),
    emplacement uuid references emplacement (id),
    sepulture varchar(200),
    civilite text,
    nom varchar(120) not null,
    nom_usage varchar(120),
    prenoms varchar(120) not null,
    adresse text not null,
    code_postal varchar(12) not null,
    ville varchar(120) not null,
    telephone varchar(40),
    courriel varchar(254),
    lien varchar(80) not null,
    message text,
    contrat uuid references contrat (id),
    ayant_droit uuid references ayant_droit (id),
    traitee_le date,
    motif text
);
comment on table declaration is 'Déclarations d''ayants droit';
comment on column declaration.nom is 'Nom de naissance';
create index on declaration (cimetiere);
create index on declaration (emplacement);
create index on declaration (contrat);
create index on declaration (ayant_droit);

-- Rattachée à un contrat, une déclaration fait la personne et l'ayant droit : rien n'est saisi deux fois.
create function rattacher_declaration() returns trigger
    language plpgsql set search_path = pg_catalog as $$
declare
    qui uuid;
begin
    if new.etat = 'traitee' and old.etat is distinct from 'traitee' and new.contrat is not null and new.ayant_droit is null then
        insert into cimetiere.personne (collectivite, insee, civilite, nom, nom_usage, prenoms, adresse, code_postal, ville, telephone, courriel)
            values (new.collectivite, new.insee, new.civilite, new.nom, new.nom_usage, new.prenoms, new.adresse, new.code_postal,
                new.ville, new.telephone, new.courriel)
            returning id into qui;
        insert into cimetiere.ayant_droit (collectivite, insee, contrat, personne, qualite, lien, source)
            values (new.collectivite, new.insee, new.contrat, qui, 'ayant_droit', new.lien,
                'Déclaration ' || new.numero || ', reçue le ' || to_char(new.recue_le, 'DD/MM/YYYY'))
            returning id into new.ayant_droit;
    end if;
    return new;
end $$;
create trigger rattacher before update of etat on declaration for each row execute function rattacher_declaration();
