select count(*) as manques, coalesce(extract(epoch from clock_timestamp() - max(le)), 0)::float8 as depuis_s,
    coalesce(extract(epoch from clock_timestamp() - min(le)), 0)::float8 as premier_s
from acces.essai
where cle = $1 and le > clock_timestamp() - interval '15 minutes'
