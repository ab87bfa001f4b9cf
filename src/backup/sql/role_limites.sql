select format('alter role %I connection limit %s', $1::text, $2::integer)
    || coalesce(format(' valid until %L', $3::text), '')
