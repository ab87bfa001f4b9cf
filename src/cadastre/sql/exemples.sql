-- A parcel and an address to show how one searches: any will do, the first by key keeps the page the same.
select p.insee, p.idu, a.numero, a.suffixe, v.nom as voie
from (
    select insee, idu
    from cadastre.parcelle
    where figuree is not false
    order by idu
    limit 1
) p
left join lateral (
    select a.numero, a.suffixe, a.voie
    from adresse.adresse a
    where a.insee = p.insee
    order by a.cle
    limit 1
) a on true
left join adresse.voie v on v.id = a.voie
