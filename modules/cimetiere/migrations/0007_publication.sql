-- Un décès daté dans l'avenir est une faute de saisie : tant qu'elle n'est pas corrigée, rien n'est publié.

create or replace function publier_defunt() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    new.publie := not new.opposition
        and (new.deces_le is not null or new.deces_annee is not null)
        and coalesce(new.deces_le <= current_date, true)
        and coalesce(new.deces_annee <= extract(year from current_date), true);
    return new;
end $$;
update defunt set opposition = opposition;
