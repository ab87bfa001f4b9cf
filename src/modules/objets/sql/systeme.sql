select srtext
from public.spatial_ref_sys
where srid = $1
