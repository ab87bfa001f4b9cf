select format('alter role %I connection limit %s', $1::text, $2::integer)
    || case when $3::text is null then '' else format(' valid until %L', $3::text) end
