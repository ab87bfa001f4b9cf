-- Les titres de recettes qu'un bordereau demande au comptable ; tant qu'il n'est pas arrêté, ceux qu'il prendrait.
-- rows 10000
-- param id: uuid
-- param etat: text
-- param du: date
-- param au: date
-- result numero: text
-- result emise_le: date
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result adresse: text
-- result code_postal: text
-- result ville: text
-- result objet: text
-- result montant: decimal
-- result ccas: decimal
-- result titre: text
select f.numero, f.emise_le, p.libelles ->> 'civilite' as civilite, p.prenoms, p.nom, p.nom_usage, p.adresse, p.code_postal, p.ville,
    coalesce((select string_agg(l.libelle, ' ; ' order by l.creee_le, l.id) from {{ligne_facture}} l where l.facture = f.id), '') as objet,
    f.total - f.paye as montant, f.part_ccas as ccas, f.titre
from {{facture}} f
left join {{personne}} p on p.id = f.destinataire
where f.bordereau = :id or :etat = 'ouvert' and f.bordereau is null and f.emise_le between :du and :au and f.etat = 'emise' and f.titre is null
order by f.emise_le, f.numero
