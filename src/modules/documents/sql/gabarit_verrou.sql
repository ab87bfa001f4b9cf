select pg_advisory_xact_lock(hashtextextended(format('gabarit %s %s %s', acces.ma_collectivite(), $1::text, $2::text), 0))
