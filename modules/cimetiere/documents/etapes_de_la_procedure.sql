-- Les étapes faites d'une procédure, dans l'ordre.
-- param id: uuid
-- result etape: text
-- result etape_dite: text
-- result le: date
-- result reference: text
-- result constat: text
select t.etape, t.libelles ->> 'etape' as etape_dite, t.le, t.reference, t.constat
from {{etape_procedure}} t
where t.procedure = :id or exists (select 1 from {{etape_procedure}} x where x.id = :id and x.procedure = t.procedure)
order by t.le, t.creee_le, t.id
