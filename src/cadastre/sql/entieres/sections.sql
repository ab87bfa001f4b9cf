select c.id, c.id, c.insee, c.prefixe, c.code, case when c.prefixe = '000' then '' else c.prefixe || ' ' end || ltrim(c.code, '0'),
    st_asewkb(c.geom)
from cadastre.section c
