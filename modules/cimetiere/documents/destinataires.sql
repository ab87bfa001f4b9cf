-- À qui écrire au sujet d'un contrat : le titulaire et les personnes inscrites à sa suite, celles qui vivent.
-- param id: uuid
-- result qualite: text
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result adresse: text
-- result code_postal: text
-- result ville: text
select q.qualite, p.libelles ->> 'civilite' as civilite, p.prenoms, p.nom, p.nom_usage, p.adresse, p.code_postal, p.ville
from (
    select u.personne, min(u.rang) as rang, min(u.qualite) as qualite
    from (
        select 0 as rang, c.titulaire as personne, 'titulaire' as qualite
        from {{contrat}} c
        where c.id = :id
        union all
        select 1 as rang, a.personne, a.qualite
        from {{ayant_droit}} a
        where a.contrat = :id
    ) u
    group by u.personne
) q
join {{personne}} p on p.id = q.personne
where not p.decede
order by q.rang, p.nom, p.prenoms, p.id
