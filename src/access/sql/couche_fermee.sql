-- Why a layer is not opened to logins: personal data in its rows, rows that follow another's rights, or none of the two.
select case
        when exists (select from core.champ_personnel p where p.objet = o.nom) then 'personnel'
        when o.module is not null then 'parent'
        else 'plan'
    end
from core.couche c
left join core.objet o on o.module is not null and replace(o.nom, '.', '_') = c.id
where c.id = $1
