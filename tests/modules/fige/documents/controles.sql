-- param id: uuid
-- result fait_le: date
-- result constat: text
select c.fait_le, c.constat from {{controle}} c where c.aire = :id
