-- Tiles of modules come from snapshots: who builds them reads what a layer publishes, of every row, and nothing else.

create procedure core.ouvrir_instantane(relation regclass, colonnes text[])
    language plpgsql set search_path = pg_catalog as $$
declare
    connues text;
begin
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into connues from pg_attribute a
        where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
            and a.attname::text = any (colonnes || array['id', 'collectivite', 'insee', 'archivee_le']);
    execute format('revoke all on %s from finage_snapshot', relation);
    execute format('drop policy if exists instantane on %s', relation);
    execute format('create policy instantane on %s for select to finage_snapshot using (true)', relation);
    execute format('grant select (%s) on %s to finage_snapshot', connues, relation);
end $$;
comment on procedure core.ouvrir_instantane is 'Ouvre à qui construit les instantanés les colonnes publiées d''une couche, et elles seules';
revoke all on procedure core.ouvrir_instantane from public;

-- What the engine gives to tables changed: modules are brought to it when the program starts, or by « finage module upgrade ».
update core.module set empreinte = '';
