//! Operations: burials, urns, exhumations, and what stands against them.

use std::collections::BTreeSet;

use finage_cimetiere::{
    Affectation, Beneficiaire, Cercueil, Contenant, Cremation, CremationDesRestes, Demandeur, Derogation, Deroulement,
    Exhumation, Inhumation, Lien, MotifDroit, Reduction, Ressort, Usage, Volonte, accueillir, bruler_les_restes,
    droit_a_sepulture, droit_dans_la_concession, reduire, rouvrir,
};
use sqlx::FromRow;
use time::{Date, Time};
use uuid::Uuid;

use super::emplacement::{Etat, usage};
use super::plan::{Plan, contenant};
use super::{dit, local, recette, travaux};
use crate::modules::crochet::{Acte, Geste, Lecture, Manquement};

/// Fields whose change is judged again.
const JUGES: [&str; 21] = [
    "genre",
    "emplacement",
    "destination",
    "defunt",
    "forme",
    "motif_droit",
    "lien_titulaire",
    "qualite_demandeur",
    "prevue_le",
    "prevue_a",
    "realisee_le",
    "entree_france_le",
    "procureur_le",
    "derogation_jusqu_au",
    "opposition_parent",
    "parent_present",
    "hors_public",
    "cercueil",
    "vers_cremation",
    "information_le",
    "accord_titulaire",
];

/// An operation to judge.
#[derive(Debug, FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "what a row says, each a fact of its own")]
struct Operation {
    id: Uuid,
    insee: Option<String>,
    genre: String,
    emplacement: Uuid,
    destination: Option<Uuid>,
    forme: String,
    motif_droit: Option<String>,
    lien_titulaire: Option<String>,
    qualite_demandeur: Option<String>,
    prevue_le: Option<Date>,
    prevue_a: Option<Time>,
    entree_france_le: Option<Date>,
    procureur_le: Option<Date>,
    derogation_jusqu_au: Option<Date>,
    opposition_parent: bool,
    parent_present: Option<bool>,
    hors_public: Option<bool>,
    cercueil: Option<String>,
    vers_cremation: bool,
    information_le: Option<Date>,
    deces_le: Option<Date>,
    deces_connu: bool,
    deces_a: Option<Time>,
    contagieux: bool,
    volonte_cremation: String,
    repose_depuis: Option<Date>,
    repose_a: Option<Uuid>,
    controle_droit: bool,
    motif_partout: bool,
    suivie: bool,
    nomme: Option<bool>,
}

/// What stands against operations.
pub(super) async fn juge(lecture: &mut Lecture<'_>, acte: &Acte<'_>) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let juge = match acte.geste {
        Geste::Creer | Geste::Produire | Geste::Importer => true,
        Geste::Changer => acte.champs.iter().any(|champ| JUGES.contains(champ)),
        Geste::Franchir(etape) => matches!(etape, "autoriser" | "planifier" | "realiser" | "compenser" | "facturer"),
        Geste::Ranger => false,
    };
    if !juge {
        return Ok(Vec::new());
    }
    if acte.geste == Geste::Franchir("facturer") {
        return facturables(lecture, acte.ids).await;
    }
    let operations: Vec<Operation> = lecture.lignes(include_str!("sql/operations_jugees.sql"), acte.ids).await?;
    let emplacements: BTreeSet<Uuid> =
        operations.iter().flat_map(|une| [Some(une.emplacement), une.destination]).flatten().collect();
    let plan = Plan::lu(lecture, &emplacements.into_iter().collect::<Vec<_>>()).await?;
    let mut manquements = match acte.geste {
        Geste::Franchir("autoriser") => travaux::operateurs(lecture, acte.ids).await?,
        _ => Vec::new(),
    };
    for operation in &operations {
        let jour = match operation.prevue_le {
            Some(le) => le,
            None => lecture.jour(operation.insee.as_deref()).await?,
        };
        let trouves = match acte.geste {
            Geste::Franchir("compenser") => operation.suite().into_iter().collect(),
            // Once done it is among the stays itself: it was judged when it was authorised.
            Geste::Franchir("realiser") => Vec::new(),
            _ => operation.manquements(&plan, jour),
        };
        manquements.extend(trouves.into_iter().map(|un| (operation.id, un)));
    }
    Ok(manquements)
}

/// An operation is invoiced where a tariff prices it.
async fn facturables(lecture: &mut Lecture<'_>, ids: &[Uuid]) -> sqlx::Result<Vec<(Uuid, Manquement)>> {
    let lues = recette::operations(lecture, ids).await?;
    let sans = lues.into_iter().filter(|lue| lue.tarif.is_none());
    let phrase = "Aucun tarif ne met de redevance sur cette opération : un corps de plus, une réduction, la sortie d'un caveau provisoire en ont une s'ils sont parmi les tarifs du jour.";
    Ok(sans.map(|lue| (lue.id, local("operation-tarif", "délibération du conseil municipal", phrase, false))).collect())
}

impl Operation {
    fn manquements(&self, plan: &Plan, jour: Date) -> Vec<Manquement> {
        let mut manquements = match self.genre.as_str() {
            "inhumation" => self.inhumation(jour),
            "exhumation" | "transfert" | "sortie" => self.exhumation(jour),
            "reduction" | "reunion" => self.reduction(jour),
            _ => Vec::new(),
        };
        let entre = matches!(self.genre.as_str(), "inhumation" | "depot_urne" | "scellement");
        if (entre || self.genre == "dispersion") && self.controle_droit {
            manquements.extend(droit_a_sepulture(self.motif(), jour).map(dit));
        }
        if entre {
            manquements.extend(self.dans_la_concession(plan, jour));
        }
        manquements.extend(self.place(plan, jour));
        manquements
    }

    fn inhumation(&self, jour: Date) -> Vec<Manquement> {
        let Some(deces) = self.deces_le.filter(|_| self.deces_connu) else {
            let phrase = "La date du décès manque : sans elle, le délai de l'inhumation ne se compte pas.";
            return vec![local("inhumation-deces", "R2213-33", phrase, true)];
        };
        if self.prevue_le.is_none() {
            return Vec::new();
        }
        let inhumation = Inhumation {
            deces,
            heure_deces: self.deces_a,
            le: jour,
            heure: self.prevue_a,
            entree_en_france: self.entree_france_le,
            autorisation_procureur: self.procureur_le,
            derogation: self.derogation_jusqu_au.map(|jusqu_au| Derogation::Individuelle { jusqu_au }),
            ressort: ressort(self.insee.as_deref()),
        };
        let contraires = inhumation.juger().into_iter().map(dit);
        contraires.map(|un| un.motivable(self.motif_partout)).collect()
    }

    fn motif(&self) -> Option<MotifDroit> {
        match self.motif_droit.as_deref()? {
            "deces_commune" => Some(MotifDroit::DecesDansLaCommune),
            "domicile" => Some(MotifDroit::Domicile),
            "sepulture_famille" => Some(MotifDroit::SepultureDeFamille),
            "electeur_etranger" => Some(MotifDroit::FrancaisDeLEtranger),
            _ => None,
        }
    }

    /// The right to rest in this concession.
    fn dans_la_concession(&self, plan: &Plan, jour: Date) -> Vec<Manquement> {
        let Some(emplacement) = plan.emplacement(self.emplacement) else { return Vec::new() };
        let etat = Etat::au(plan, emplacement, jour);
        match usage(&emplacement.nature) {
            Usage::TerrainCommun => {
                let derniere = etat.sejours.iter().filter(|sejour| sejour.en_cours(jour)).map(|sejour| sejour.du).max();
                return rouvrir(derniere, None, jour).into_iter().map(dit).collect();
            }
            Usage::Concede => {}
            Usage::Ossuaire | Usage::Depositoire => return Vec::new(),
        }
        let Some(contrat) = etat.contrat(jour) else {
            let phrase = "Aucun contrat signé ne court sur cet emplacement : concédez-le d'abord.";
            return vec![local("concession-en-cours", "L2223-13", phrase, true)];
        };
        let classe = plan
            .periodes(emplacement.id)
            .into_iter()
            .find(|(_, periode)| periode == contrat)
            .map_or("familiale", |(lu, _)| lu.classe.as_str())
            .to_owned();
        let affectation = match classe.as_str() {
            "individuelle" => Affectation::Individuelle,
            "collective" => Affectation::Collective,
            _ => Affectation::Familiale,
        };
        let lien = self.lien();
        let defunt = Beneficiaire {
            nomme: self.nomme == Some(true) || affectation != Affectation::Familiale && lien == Lien::Titulaire,
            exclu: false,
            lien,
        };
        droit_dans_la_concession(contrat, affectation, defunt, jour).into_iter().map(dit).collect()
    }

    fn lien(&self) -> Lien {
        match self.lien_titulaire.as_deref() {
            Some("titulaire") => Lien::Titulaire,
            Some("conjoint") => Lien::Conjoint,
            Some("descendant") => Lien::Descendant,
            Some("ascendant") => Lien::Ascendant,
            Some("affection") => Lien::Affection,
            Some("famille") => Lien::Famille,
            _ => Lien::Aucun,
        }
    }

    /// A place where the body or the urn goes.
    fn place(&self, plan: &Plan, jour: Date) -> Vec<Manquement> {
        let (ou, quoi) = match self.genre.as_str() {
            "inhumation" | "depot_urne" | "scellement" | "depot_provisoire" => {
                (Some(self.emplacement), contenant(&self.forme))
            }
            "exhumation" | "transfert" => (self.destination, contenant(&self.forme)),
            "reduction" | "reunion" => {
                (self.destination.filter(|ou| Some(*ou) != self.repose_a), Some(Contenant::Reliquaire))
            }
            _ => (None, None),
        };
        let (Some(emplacement), Some(contenant)) = (ou.and_then(|ou| plan.emplacement(ou)), quoi) else {
            return Vec::new();
        };
        if usage(&emplacement.nature) == Usage::Ossuaire {
            return Vec::new();
        }
        let etat = Etat::au(plan, emplacement, jour);
        accueillir(etat.places, &etat.sejours, contenant, jour).into_iter().map(dit).collect()
    }

    fn exhumation(&self, jour: Date) -> Vec<Manquement> {
        let mut manquements = self.repos();
        if let Some(deces) = self.deces_le {
            let exhumation = Exhumation {
                deces,
                le: jour,
                demandeur: self.demandeur(),
                opposition: self.opposition_parent,
                infection: self.contagieux,
                depot_temporaire: false,
                deroulement: self.deroulement(),
            };
            manquements.extend(exhumation.juger().into_iter().map(dit));
        }
        if self.vers_cremation {
            let cremation = Cremation {
                le: jour,
                volonte: match self.volonte_cremation.as_str() {
                    "voulue" => Volonte::Favorable,
                    "opposition" => Volonte::Opposee,
                    _ => Volonte::Inconnue,
                },
                information: self.information_le,
                choix: CremationDesRestes::default(),
            };
            manquements.extend(bruler_les_restes(&cremation).into_iter().map(dit));
        }
        manquements
    }

    fn reduction(&self, jour: Date) -> Vec<Manquement> {
        let mut manquements = self.repos();
        if let (Some(deces), Some(inhumation)) = (self.deces_le.or(self.repose_depuis), self.repose_depuis) {
            let reduction = Reduction {
                deces,
                inhumation,
                le: jour,
                cercueil: self.cercueil(),
                demandeur: self.demandeur(),
                opposition: self.opposition_parent,
            };
            manquements.extend(reduire(&reduction).into_iter().map(dit));
        }
        manquements
    }

    /// Nobody is taken from where they do not rest.
    fn repos(&self) -> Vec<Manquement> {
        if self.repose_a == Some(self.emplacement) {
            return Vec::new();
        }
        let phrase = "Ce défunt ne repose pas dans cet emplacement d'après le registre : choisissez le sien, ou enregistrez d'abord son inhumation.";
        vec![local("operation-repos", "R2213-40", phrase, false)]
    }

    fn demandeur(&self) -> Demandeur {
        match self.qualite_demandeur.as_deref() {
            Some("plus_proche_parent") => Demandeur::PlusProcheParent,
            Some("parent" | "mandataire") => Demandeur::ParentSansJustification,
            Some("commune") => Demandeur::Commune,
            Some("justice") => Demandeur::Justice,
            _ => Demandeur::Autre,
        }
    }

    fn cercueil(&self) -> Cercueil {
        match self.cercueil.as_deref() {
            Some("ouvert") => Cercueil::OuvertEnBonEtat,
            Some("deteriore") => Cercueil::Deteriore,
            _ => Cercueil::Ferme,
        }
    }

    /// How it is done, once something is said of it.
    fn deroulement(&self) -> Option<Deroulement> {
        let dit = self.parent_present.is_some() || self.hors_public.is_some() || self.cercueil.is_some();
        dit.then(|| Deroulement {
            parent_present: self.parent_present.unwrap_or(true),
            public_ecarte: self.hors_public.unwrap_or(true),
            cercueil: self.cercueil(),
        })
    }

    /// What came after it is undone first.
    fn suite(&self) -> Option<Manquement> {
        self.suivie.then(|| {
            let phrase = "Une opération plus récente concerne ce défunt : compensez-la d'abord.";
            local("operation-suivie", "tenue du registre", phrase, false)
        })
    }
}

/// Whose public holidays count: Alsace and Moselle have two more.
fn ressort(insee: Option<&str>) -> Ressort {
    match insee.and_then(|insee| insee.get(..2)) {
        Some("57" | "67" | "68") => Ressort::AlsaceMoselle,
        _ => Ressort::Commun,
    }
}
