-- Le prix que donne le tarif, la facture et l'encaissement faits de la fiche du contrat ou de l'opération, les bordereaux.

alter table tarif add column classe text;

alter table contrat add column hors_commune boolean not null default false;
alter table contrat add column payeur uuid references personne (id);
alter table contrat add column tarif_propose uuid references tarif (id);
alter table contrat add column prix_propose numeric(10, 2);
alter table contrat add column rembourse_propose numeric(10, 2);
alter table contrat add column calcul text;
alter table contrat add column facture_le date;
alter table contrat add column regle_le date;
alter table contrat add column paiement_mode text;
alter table contrat add column paiement_reference varchar(80);
alter table contrat add column paiement_recu varchar(40);
create index on contrat (payeur);
create index on contrat (tarif_propose);

alter table operation add column facture_le date;
alter table operation add column regle_le date;
alter table operation add column paiement_mode text;
alter table operation add column paiement_reference varchar(80);
alter table operation add column paiement_recu varchar(40);

-- Ce que la régie verse, ce que le comptable met en titres : arrêté, un bordereau ne change plus.
create table bordereau (
    id uuid primary key default gen_random_uuid(),
    numero text,
    genre text not null default 'regie',
    etat text not null default 'ouvert',
    du date not null,
    au date not null,
    arrete_le date,
    nombre integer not null default 0,
    total numeric(12, 2) not null default 0,
    part_ccas numeric(12, 2) not null default 0,
    observation text,
    check (du <= au)
);
comment on table bordereau is 'Bordereaux : journal arrêté de la régie, titres de recettes à émettre';

alter table encaissement add column recu varchar(40);
alter table encaissement add column bordereau uuid references bordereau (id);
create index on encaissement (bordereau);

alter table facture add column paiement_mode text;
alter table facture add column paiement_reference varchar(80);
alter table facture add column paiement_recu varchar(40);
alter table facture add column bordereau uuid references bordereau (id);
create index on facture (bordereau);

-- Tant que le contrat est un projet, le prix, le tarif et le remboursement laissés vides, ou laissés tels que proposés, suivent
-- ce que le tarif donne.
create function suivre_la_proposition() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if new.etat = 'projet' then
        if new.prix is null or new.prix = old.prix_propose and new.prix_propose is distinct from old.prix_propose then
            new.prix := new.prix_propose;
        end if;
        if new.tarif is null or new.tarif = old.tarif_propose and new.tarif_propose is distinct from old.tarif_propose then
            new.tarif := new.tarif_propose;
        end if;
        if new.rembourse is null
            or new.rembourse = old.rembourse_propose and new.rembourse_propose is distinct from old.rembourse_propose then
            new.rembourse := new.rembourse_propose;
        end if;
    end if;
    return new;
end $$;
create trigger suivre_la_proposition before update on contrat for each row execute function suivre_la_proposition();

-- La part du CCAS d'une ligne, quand elle n'est pas dite : celle de son tarif ; d'une concession, celle du réglage.
alter table ligne_facture alter column ccas drop default;
alter table ligne_facture alter column ccas drop not null;
create or replace function compter_ligne() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    new.montant := round(new.quantite * new.prix, 2);
    if new.ccas is null then
        new.ccas := round(new.montant * coalesce(
            (select t.part_ccas from cimetiere.tarif t where t.id = new.tarif),
            (select r.part_ccas from cimetiere.reglage r join cimetiere.facture f on f.collectivite = r.collectivite
                where f.id = new.facture and f.contrat is not null and r.archivee_le is null order by r.creee_le limit 1),
            0) / 100, 2);
    end if;
    return new;
end $$;

-- Une pièce émise ou payée se lit sur le contrat ou l'opération : facturé le, réglé le. Une facture impayée qu'un avoir annule
-- n'est plus à encaisser.
create function suivre_la_facturation() returns trigger
    language plpgsql set search_path = pg_catalog as $$
declare
    verrou text := coalesce(current_setting('finage.verrou', true), '');
    le_facture date;
    le_regle date;
begin
    perform set_config('finage.verrou', 'ouvert', true);
    if new.genre = 'avoir' and new.etat = 'emise' and old.etat = 'projet' and new.origine is not null then
        update cimetiere.facture f set etat = 'soldee'
        where f.id = new.origine and f.etat = 'emise' and f.paye = 0
            and f.total + (select sum(a.total) from cimetiere.facture a
                where a.origine = f.id and a.genre = 'avoir' and a.etat in ('emise', 'payee', 'soldee')) <= 0;
        if found then
            update cimetiere.facture a set etat = 'soldee'
            where a.origine = new.origine and a.genre = 'avoir' and a.etat = 'emise';
        end if;
    end if;
    select min(p.emise_le), case when bool_and(p.etat = 'payee') then max(p.encaisse_le) end into le_facture, le_regle
    from (
        select f.emise_le, f.etat, (select max(e.le) from cimetiere.encaissement e where e.facture = f.id) as encaisse_le
        from cimetiere.facture f
        where f.archivee_le is null and f.etat in ('emise', 'payee')
            and (f.contrat = new.contrat or new.contrat is null and f.operation = new.operation)
            and case when f.genre = 'facture'
                then f.total + coalesce((select sum(a.total) from cimetiere.facture a
                    where a.origine = f.id and a.genre = 'avoir' and a.etat in ('emise', 'payee')), 0) > 0
                else exists (select from cimetiere.contrat c where c.id = f.contrat and c.genre = 'retrocession') end
    ) p;
    if new.contrat is not null then
        update cimetiere.contrat c set facture_le = le_facture, regle_le = le_regle
        where c.id = new.contrat and (c.facture_le, c.regle_le)
            is distinct from (le_facture, le_regle);
    elsif new.operation is not null then
        update cimetiere.operation o set facture_le = le_facture, regle_le = le_regle
        where o.id = new.operation and (o.facture_le, o.regle_le)
            is distinct from (le_facture, le_regle);
    end if;
    perform set_config('finage.verrou', verrou, true);
    return null;
end $$;
create trigger suivre_la_facturation after update of etat on facture for each row execute function suivre_la_facturation();

-- Un bordereau s'arrête : il prend ce qui est de sa période et d'aucun autre, et n'en bouge plus.
create function arreter_bordereau() returns trigger
    language plpgsql set search_path = pg_catalog as $$
declare
    verrou text := coalesce(current_setting('finage.verrou', true), '');
begin
    if new.etat = 'arrete' and old.etat = 'ouvert' then
        perform set_config('finage.verrou', 'ouvert', true);
        if new.genre = 'regie' then
            update cimetiere.encaissement e set bordereau = new.id
            where e.collectivite = new.collectivite and e.bordereau is null and e.le between new.du and new.au and e.mode <> 'titre';
            update cimetiere.bordereau b set nombre = s.nombre, total = s.total
            from (select count(*) as nombre, coalesce(sum(e.montant), 0) as total from cimetiere.encaissement e
                where e.bordereau = new.id) s
            where b.id = new.id;
        else
            update cimetiere.facture f set bordereau = new.id
            where f.collectivite = new.collectivite and f.bordereau is null and f.emise_le between new.du and new.au
                and f.archivee_le is null and f.etat = 'emise' and f.titre is null;
            update cimetiere.bordereau b set nombre = s.nombre, total = s.total, part_ccas = s.ccas
            from (select count(*) as nombre, coalesce(sum(f.total - f.paye), 0) as total, coalesce(sum(f.part_ccas), 0) as ccas
                from cimetiere.facture f where f.bordereau = new.id) s
            where b.id = new.id;
        end if;
        perform set_config('finage.verrou', verrou, true);
    end if;
    return null;
end $$;
create trigger arreter_bordereau after update of etat on bordereau for each row execute function arreter_bordereau();

-- Ce qui était déjà facturé se lit sur les contrats.
select set_config('finage.verrou', 'ouvert', true);
update facture set etat = etat where etat in ('emise', 'payee');
select set_config('finage.verrou', '', true);
