select format(
    'create role %1$I login password %2$L inherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls connection limit 20;
    grant finage_sql to %1$I;
    alter role %1$I set statement_timeout = ''120s'';
    alter role %1$I set idle_in_transaction_session_timeout = ''15min'';
    alter role %1$I set search_path = public, core, cadastre',
    $1::text, $2::text)
