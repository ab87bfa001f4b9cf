-- Ce qu'il faut savoir d'une opération pour la juger.
select o.id, o.insee, o.genre, o.etat, o.emplacement, o.destination, o.defunt, o.forme, o.motif_droit, o.lien_titulaire,
    o.qualite_demandeur, o.prevue_le, o.prevue_a, o.realisee_le, o.autorisee_le, o.entree_france_le, o.procureur_le,
    o.derogation_jusqu_au, o.opposition_parent, o.parent_present, o.hors_public, o.cercueil, o.vers_cremation, o.information_le,
    coalesce(d.deces_le, make_date(d.deces_annee, 12, 31)) as deces_le, d.deces_le is not null as deces_connu, d.deces_a,
    d.contagieux, d.volonte_cremation,
    coalesce(s.du, make_date(s.du_annee, 12, 31)) as repose_depuis, s.emplacement as repose_a,
    coalesce(r.controle_droit, true) as controle_droit, coalesce(r.motif_partout, true) as motif_partout,
    exists (select from cimetiere.operation n where n.defunt = o.defunt and n.id <> o.id and n.etat = 'realisee'
        and (n.realisee_le, n.creee_le) > (o.realisee_le, o.creee_le)) as suivie,
    (select a.qualite = 'beneficiaire' from cimetiere.ayant_droit a join cimetiere.contrat c on c.id = a.contrat
        join cimetiere.personne p on p.id = a.personne
        where c.emplacement = o.emplacement and a.archivee_le is null and a.qualite = 'beneficiaire'
            and lower(p.nom) = lower(d.nom) and lower(coalesce(p.prenoms, '')) = lower(coalesce(d.prenoms, '')) limit 1) as nomme
from cimetiere.operation o
    join cimetiere.defunt d on d.id = o.defunt
    left join lateral (select s.du, s.du_annee, s.emplacement from cimetiere.sejour s
        where s.defunt = o.defunt and s.au is null and not s.annule and s.archivee_le is null
        order by (s.emplacement = o.emplacement) desc, s.du desc nulls last limit 1) s on true
    left join lateral (select r.controle_droit, r.motif_partout from cimetiere.reglage r where r.collectivite = o.collectivite
        and r.archivee_le is null order by r.creee_le limit 1) r on true
where o.id = any ($1)
