select s.id, count(p.idu)
from cadastre.section s
left join cadastre.parcelle p on p.insee = s.insee and p.prefixe = s.prefixe and p.section = s.code
where s.insee = $1
group by s.id
order by s.id
