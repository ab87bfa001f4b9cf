-- Le repère d'un emplacement, tel qu'on le dit (« Rang 3 n° 8 ») et tel qu'on le range : cherché, trié.

-- Un texte où les nombres se rangent par leur valeur : « Rang 3 » avant « Rang 12 ».
create function cle_de_tri(texte text) returns text
    language sql immutable set search_path = pg_catalog as $$
    select string_agg(case when m.morceau[1] ~ '^[0-9]+$' then lpad(m.morceau[1], greatest(8, length(m.morceau[1])), '0') else lower(m.morceau[1]) end, '' order by m.rang)
    from regexp_matches(texte, '[0-9]+|[^0-9]+', 'g') with ordinality as m (morceau, rang)
$$;

alter table emplacement add column repere text;
alter table emplacement add column ordre text;
comment on column emplacement.repere is 'Repère';
comment on column emplacement.ordre is 'Ordre du plan';

create function reperer_emplacement() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    new.repere := concat_ws(' ', (select a.libelle from cimetiere.allee a where a.id = new.allee and a.archivee_le is null), 'n° ' || new.numero);
    new.ordre := cimetiere.cle_de_tri(new.repere);
    return new;
end $$;
create trigger reperer before insert or update of allee, numero on emplacement for each row execute function reperer_emplacement();

create function reperer_allee() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    if old.libelle is distinct from new.libelle or old.archivee_le is distinct from new.archivee_le then
        update cimetiere.emplacement e set numero = e.numero where e.allee = new.id;
    end if;
    return null;
end $$;
create trigger reperer after update on allee for each row execute function reperer_allee();

update emplacement set numero = numero;
create index on emplacement (ordre);
