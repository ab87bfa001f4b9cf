select srid, srtext
from public.spatial_ref_sys
where srid = case when $1::integer = 0 then core.storage_srid() else $1::integer end
