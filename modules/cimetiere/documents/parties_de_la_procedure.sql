-- Les personnes connues d'une procédure : qui a figuré à l'acte, ses ayants droit, qui entretient la sépulture.
-- param id: uuid
-- result qualite: text
-- result qualite_dite: text
-- result lien: text
-- result decede: boolean
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result adresse: text
-- result code_postal: text
-- result ville: text
with affaire as (
    select p.contrat
    from {{procedure}} p
    where p.id = :id or exists (select 1 from {{etape_procedure}} x where x.id = :id and x.procedure = p.id)
)
select q.qualite, q.qualite_dite, q.lien, i.decede, i.libelles ->> 'civilite' as civilite, i.prenoms, i.nom, i.nom_usage,
    i.adresse, i.code_postal, i.ville
from (
    select 0 as rang, c.titulaire as personne, 'titulaire' as qualite, 'Titulaire' as qualite_dite, null::text as lien
    from {{contrat}} c
    join affaire f on f.contrat = c.id
    union all
    select 1 as rang, d.personne, d.qualite, d.libelles ->> 'qualite' as qualite_dite, d.lien
    from {{ayant_droit}} d
    join affaire f on f.contrat = d.contrat
) q
join {{personne}} i on i.id = q.personne
order by q.rang, q.qualite, i.nom, i.prenoms, i.id
