-- Le titulaire d'un contrat, puis les personnes inscrites à sa suite.
-- param id: uuid
-- result qualite: text
-- result qualite_dite: text
-- result lien: text
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result adresse: text
-- result code_postal: text
-- result ville: text
select q.qualite, q.qualite_dite, q.lien, p.libelles ->> 'civilite' as civilite, p.prenoms, p.nom, p.nom_usage,
    p.adresse, p.code_postal, p.ville
from (
    select 0 as rang, c.titulaire as personne, 'titulaire' as qualite, 'Titulaire' as qualite_dite, null::text as lien
    from {{contrat}} c
    where c.id = :id
    union all
    select 1 as rang, a.personne, a.qualite, a.libelles ->> 'qualite' as qualite_dite, a.lien
    from {{ayant_droit}} a
    where a.contrat = :id
) q
join {{personne}} p on p.id = q.personne
order by q.rang, q.qualite, p.nom, p.prenoms, p.id
