select case
    when set_config($2::text, $3::text, true) is not null then format('alter role %I set %I from current', $1::text, $2::text)
end
