-- For this transaction alone: who acts, for whom, through what.
select
    set_config('finage.collectivite', $1, true),
    set_config('finage.utilisateur', $2, true),
    set_config('finage.canal', $3, true)
