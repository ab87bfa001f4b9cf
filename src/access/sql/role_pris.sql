select exists (select from pg_roles where rolname = $1) or exists (select from core.sql_role where login = $1)
