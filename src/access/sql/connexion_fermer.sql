select format('alter role %1$I nologin password null; revoke finage_sql from %1$I', $1::text)
