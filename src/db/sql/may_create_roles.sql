select (select rolsuper or rolcreaterole from pg_roles where rolname = current_user)
    or (
        select count(*) = 7 and bool_and(pg_has_role(current_user, rolname, 'member'))
        from pg_roles
        where rolname in ('finage_owner', 'finage_app', 'finage_acces', 'finage_journal', 'finage_snapshot', 'finage_backup', 'finage_sql')
    )
