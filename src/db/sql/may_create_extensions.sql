select (select rolsuper from pg_roles where rolname = current_user)
    or (select count(*) = 2 from pg_extension where extname in ('postgis', 'pg_trgm'))
