-- What anybody deposits through a form that a module opens: how many came, of one address and in all. Nothing here tells
-- who: an address is kept a day, as a digest whose salt is forgotten with the day.

create table core.depot_sel (
    jour date primary key,
    sel uuid not null default gen_random_uuid()
);
comment on table core.depot_sel is 'Sel du jour, par lequel l''adresse d''un déposant est rendue illisible ; effacé le lendemain';

create table core.depot (
    id bigint generated always as identity primary key,
    serie text not null,
    empreinte bytea not null,
    recu_le timestamptz not null default now()
);
comment on table core.depot is 'Dépôts du public reçus depuis un jour, pour les compter ; ni leur contenu, ni leur auteur';
comment on column core.depot.serie is 'Objet et collectivité qui reçoit';
comment on column core.depot.empreinte is 'SHA-256 de l''adresse et du sel du jour';
create index on core.depot (serie, recu_le);
revoke all on core.depot, core.depot_sel from finage_app, finage_snapshot;

create function core.compter_depot(serie text, adresse text, par_adresse integer, par_jour integer) returns text
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    marque bytea;
begin
    -- One at a time, so that a burst is counted whole.
    perform pg_advisory_xact_lock(hashtextextended('core.depot ' || compter_depot.serie, 0));
    delete from core.depot d where d.recu_le < now() - interval '1 day';
    delete from core.depot_sel s where s.jour < current_date;
    insert into core.depot_sel (jour) values (current_date) on conflict do nothing;
    select sha256(convert_to(s.sel::text || ' ' || compter_depot.adresse, 'UTF8')) into marque
        from core.depot_sel s where s.jour = current_date;
    if (select count(*) from core.depot d where d.serie = compter_depot.serie and d.empreinte = marque) >= par_adresse then
        return 'adresse';
    end if;
    if (select count(*) from core.depot d where d.serie = compter_depot.serie) >= par_jour then
        return 'jour';
    end if;
    insert into core.depot (serie, empreinte) values (compter_depot.serie, marque);
    return '';
end $$;
comment on function core.compter_depot is
    'Compte un dépôt du public ; rend « adresse » ou « jour » quand il y en a trop, et n''en compte alors aucun';
revoke all on function core.compter_depot(text, text, integer, integer) from public;
grant execute on function core.compter_depot(text, text, integer, integer) to finage_app;
