-- Rows made together along a line: what was made, so that it can be undone whole.

create table core.serie (
    id uuid primary key,
    collectivite integer not null references acces.collectivite,
    objet text not null references core.objet on delete cascade,
    fiches uuid[] not null check (cardinality(fiches) between 1 and 2000),
    premier text not null check (length(premier) <= 200),
    dernier text not null check (length(dernier) <= 200),
    creee_le timestamptz not null default now(),
    creee_par uuid default acces.mon_utilisateur(),
    annulee_le timestamptz,
    annulee_par uuid
);
comment on table core.serie is 'Fiches créées en série le long d''une ligne, et si la série a été annulée';
comment on column core.serie.premier is 'Numéro de la première';
comment on column core.serie.dernier is 'Numéro de la dernière';
comment on column core.serie.annulee_le is 'Quand toutes ses fiches ont été archivées ensemble ; nul tant qu''elle vaut';
create index on core.serie (collectivite, objet, creee_le);

do $$
declare
    mienne text := 'collectivite = (select acces.ma_collectivite())';
begin
    execute 'alter table core.serie enable row level security, force row level security';
    execute 'create policy proprietaire on core.serie to finage_owner using (true) with check (true)';
    execute 'create policy sauvegarde on core.serie for select to finage_backup using (true)';
    execute format('create policy lecture on core.serie for select to finage_app using (%s)', mienne);
    execute format('create policy ajout on core.serie for insert to finage_app with check (%s)', mienne);
    execute format('create policy changement on core.serie for update to finage_app using (%s) with check (%1$s)', mienne);
    execute 'revoke all on core.serie from finage_app, finage_snapshot, finage_sql, finage_acces, finage_journal';
    execute 'grant select, insert, update on core.serie to finage_app';
    execute 'grant select on core.serie to finage_backup';
end $$;
