-- Une fiche sans géométrie qui ne dit pas sa commune est dans celle de la fiche dont elle dépend ; sans elle, dans la seule du
-- territoire, quand il n'en a qu'une.
create or replace function core.situer_par() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
declare
    neuve geometry;
    ancienne geometry;
    territoire text[];
begin
    if new.collectivite is null then
        new.collectivite := acces.ma_collectivite();
    end if;
    execute format('select ($1).%I', tg_argv[0]) using new into neuve;
    if neuve is null then
        if new.insee is null and tg_nargs = 4 then
            execute format('select insee from %s where %I = ($1).%I', tg_argv[1], tg_argv[2], tg_argv[3]) using new into new.insee;
        end if;
        if new.insee is null and tg_op = 'INSERT' then
            territoire := acces.mon_territoire();
            if cardinality(territoire) = 1 then
                new.insee := territoire[1];
            end if;
        end if;
        return new;
    end if;
    if tg_op = 'UPDATE' then
        execute format('select ($1).%I', tg_argv[0]) using old into ancienne;
        if ancienne is not null and st_equals(neuve, ancienne) and new.insee is not null then
            return new;
        end if;
    end if;
    new.insee := coalesce(
        (select c.insee from cadastre.commune c where st_intersects(c.geom, st_pointonsurface(neuve)) order by c.insee limit 1),
        case when not acces.territoire_trace() then new.insee end);
    return new;
end $$;
comment on function core.situer_par is 'Déclencheur (colonne, et au choix table, clé, référence de la fiche dont elle dépend) : la collectivité est celle qui agit, la commune celle où tombe la géométrie ; sans géométrie, celle de la fiche dont elle dépend, ou la seule du territoire';
