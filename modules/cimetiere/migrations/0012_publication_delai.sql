-- Ce que lit le public : un défunt après un délai que la collectivité choisit, et où il repose.

alter table reglage add column publication_delai integer not null default 30 check (publication_delai between 0 and 36500);
comment on column reglage.publication_delai is 'Jours entre un décès et sa publication';

alter table defunt add column publiable_le date;
alter table defunt add column emplacement uuid references emplacement (id);
alter table defunt add column inhume_le date;
alter table defunt add column inhume_annee integer;
comment on column defunt.publiable_le is 'Premier jour où il peut être publié';
comment on column defunt.emplacement is 'Où il repose, d''après son séjour en cours';
comment on column defunt.inhume_le is 'Premier jour de son premier séjour';
create index on defunt (emplacement);
create index on defunt (publiable_le);
create index on defunt (inhume_le);

-- Le jour du décès ; connu par sa seule année, le dernier de celle-ci.
create function jour_du_deces(le date, annee integer) returns date
    language sql immutable set search_path = pg_catalog as $$
    select coalesce(le, make_date(annee, 12, 31))
$$;

create or replace function publier_defunt() returns trigger
    language plpgsql set search_path = pg_catalog as $$
declare
    choix cimetiere.reglage;
begin
    select r.* into choix from cimetiere.reglage r
        where r.collectivite = new.collectivite and r.archivee_le is null order by r.creee_le limit 1;
    new.publiable_le := cimetiere.jour_du_deces(new.deces_le, new.deces_annee) + coalesce(choix.publication_delai, 30);
    new.publie := not new.opposition
        and coalesce(choix.publication_defunts, true)
        and (new.deces_le is not null or new.deces_annee is not null)
        and coalesce(new.deces_le <= current_date, true)
        and coalesce(new.deces_annee <= extract(year from current_date), true);
    return new;
end $$;

-- Un réglage changé vaut aussitôt pour tous ; ne sont réécrits que ceux pour qui il change quelque chose.
create function republier_defunts() returns trigger
    language plpgsql set search_path = pg_catalog as $$
declare
    avant integer := 30;
    publies boolean := true;
begin
    if tg_op = 'UPDATE' then
        avant := case when old.archivee_le is null then old.publication_delai else 30 end;
        publies := old.archivee_le is not null or old.publication_defunts;
    end if;
    update cimetiere.defunt d set opposition = d.opposition
        where d.collectivite = new.collectivite
            and (publies is distinct from (new.archivee_le is not null or new.publication_defunts)
                or cimetiere.jour_du_deces(d.deces_le, d.deces_annee)
                    >= current_date - greatest(avant, new.publication_delai, 30));
    return null;
end $$;
create trigger republier after insert or update on reglage for each row execute function republier_defunts();

update defunt set opposition = opposition;
