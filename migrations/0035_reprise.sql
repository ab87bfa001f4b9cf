-- Rows taken over from another application: which of its rows made which row, so that taking over again changes what changed.

create table core.reprise (
    collectivite integer not null references acces.collectivite,
    source text not null check (length(source) between 1 and 60),
    objet text not null references core.objet on delete cascade,
    provenance text not null check (length(provenance) between 1 and 200),
    cle uuid not null,
    empreinte text not null check (length(empreinte) = 64),
    champs text[] not null default '{}',
    etat text not null default '' check (length(etat) in (0, 64)),
    reprise_le timestamptz not null default now(),
    primary key (collectivite, source, objet, provenance)
);
comment on table core.reprise is 'Fiches reprises d''une autre application : la ligne de là-bas dont chacune vient';
comment on column core.reprise.source is 'Application d''avant : opencimetiere';
comment on column core.reprise.provenance is 'Table et clé de la ligne : emplacement:12';
comment on column core.reprise.cle is 'Fiche, ou fichier joint';
comment on column core.reprise.empreinte is 'SHA-256 de ce que la ligne disait : changé, la fiche est à changer';
comment on column core.reprise.champs is 'Champs qu''elle a remplis';
comment on column core.reprise.etat is 'SHA-256 de ces champs une fois écrits : autre, un agent a changé la fiche depuis';
create index on core.reprise (objet, cle);

do $$
declare
    mienne text := 'collectivite = (select acces.ma_collectivite())';
begin
    alter table core.reprise enable row level security, force row level security;
    create policy proprietaire on core.reprise to finage_owner using (true) with check (true);
    create policy sauvegarde on core.reprise for select to finage_backup using (true);
    execute format('create policy lecture on core.reprise for select to finage_app using (%s)', mienne);
    execute format('create policy ajout on core.reprise for insert to finage_app with check (%s)', mienne);
    execute format('create policy changement on core.reprise for update to finage_app using (%s) with check (%1$s)', mienne);
    revoke all on core.reprise from finage_app, finage_snapshot, finage_sql, finage_acces, finage_journal;
    grant select, insert, update on core.reprise to finage_app;
    grant select on core.reprise to finage_backup;
end $$;

create function core.etat_repris(fiche jsonb, champs text[]) returns text
    language sql immutable parallel safe set search_path = pg_catalog
    as $$ select encode(sha256(convert_to((select jsonb_object_agg(c.nom, fiche -> c.nom) from unnest(champs) c (nom))::text, 'UTF8')), 'hex') $$;
comment on function core.etat_repris is 'Empreinte de ces champs d''une fiche';
