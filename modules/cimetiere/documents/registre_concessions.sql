-- Les contrats signés d'un cimetière, ceux qui sont clos compris : les cinq mille derniers, dans l'ordre des actes.
-- rows 5000
-- param id: uuid
-- result total: integer
-- result numero: text
-- result ancien_numero: text
-- result acte_le: date
-- result genre: text
-- result emplacement: text
-- result civilite: text
-- result prenoms: text
-- result nom: text
-- result nom_usage: text
-- result classe: text
-- result duree: text
-- result annees: integer
-- result debut_le: date
-- result fin_le: date
-- result surface: decimal
-- result prix: decimal
-- result clos: boolean
select r.total, r.numero, r.ancien_numero, r.acte_le, r.genre, r.emplacement, p.libelles ->> 'civilite' as civilite,
    p.prenoms, p.nom, p.nom_usage, r.classe, r.duree, r.annees,
    r.debut_le, r.fin_le, r.surface, r.prix, r.clos
from (
    select c.numero, c.ancien_numero, c.acte_le, c.libelles ->> 'genre' as genre, case when e.allee is null then concat_ws(' ', e.libelles ->> 'secteur', e.titre) else e.titre end as emplacement,
        c.titulaire, c.libelles ->> 'classe' as classe, c.duree, c.annees,
        c.debut_le, c.fin_le, c.surface, c.prix, c.etat = 'clos' as clos, count(*) over () as total
    from {{contrat}} c
    join {{emplacement}} e on e.id = c.emplacement
    where e.cimetiere = :id and c.etat in ('signe', 'clos')
    order by coalesce(c.acte_le, c.debut_le) desc nulls last, c.numero desc
    limit 5000
) r
left join {{personne}} p on p.id = r.titulaire
order by coalesce(r.acte_le, r.debut_le) nulls first, r.numero
