-- Les registres d'une période ; la servitude autour d'un cimetière transféré ; les pièces des travaux ; la commune, par défaut celle
-- du cimetière.

create table registre (
    id uuid primary key default gen_random_uuid(),
    cimetiere uuid not null references cimetiere (id),
    du date not null,
    au date not null,
    check (du <= au)
);
comment on table registre is 'Registres à imprimer, période par période';
create index on registre (cimetiere);

-- Servitude INT1 : à moins de cent mètres d'un cimetière transféré hors de la commune, on n'élève pas d'habitation et on ne creuse
-- pas de puits sans autorisation (L2223-5). Le contour suit celui du cimetière.
alter table cimetiere add column transfere boolean not null default false;
create table servitude (
    id uuid primary key default gen_random_uuid(),
    cimetiere uuid not null references cimetiere (id),
    geom geometry(MultiPolygon, 2154)
);
comment on table servitude is 'Servitudes autour des cimetières transférés (INT1), cent mètres';
create index on servitude (cimetiere);

create function tracer_servitude() returns trigger
    language plpgsql set search_path = pg_catalog, public as $$
begin
    if tg_op = 'UPDATE' and old.transfere = new.transfere and old.archivee_le is not distinct from new.archivee_le
        and old.geom is not distinct from new.geom then
        return null;
    end if;
    if new.transfere and new.geom is not null and new.archivee_le is null then
        update cimetiere.servitude s set geom = st_multi(st_buffer(new.geom, 100)), archivee_le = null where s.cimetiere = new.id;
        if not found then
            insert into cimetiere.servitude (collectivite, insee, cimetiere, geom)
            values (new.collectivite, new.insee, new.id, st_multi(st_buffer(new.geom, 100)));
        end if;
    else
        update cimetiere.servitude s set archivee_le = now() where s.cimetiere = new.id and s.archivee_le is null;
    end if;
    return null;
end $$;
-- Ce que le propriétaire des tables répare ne trace rien.
create trigger tracer_servitude after insert or update on cimetiere for each row
    when (current_user <> 'finage_owner') execute function tracer_servitude();

-- Les photographies d'un état des lieux sont parmi les fichiers de la fiche des travaux.
alter table travaux add column photo_avant uuid references core.piece_jointe (id);
alter table travaux add column photo_apres uuid references core.piece_jointe (id);
create index on travaux (photo_avant);
create index on travaux (photo_apres);
comment on column travaux.photo_avant is 'Photographie avant';
comment on column travaux.photo_apres is 'Photographie après';
