//! Who may be buried, in the commune and in a concession.

use time::Date;

use crate::concession::Contrat;
use crate::manquement::Manquement;
use crate::phrase::jour;
use crate::regles::concessions::{BENEFICIAIRES, EN_COURS, TERME_PROCHE};
use crate::regles::operations::SEPULTURE_DUE;

/// Why the commune owes a burial (L2223-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MotifDroit {
    /// Died in the commune.
    DecesDansLaCommune,
    /// Lived in the commune.
    Domicile,
    /// Has a place in a family grave of the commune.
    SepultureDeFamille,
    /// French, living abroad, without a family grave, and on the commune's electoral list or able to be.
    FrancaisDeLEtranger,
}

/// Whether the commune owes a burial: without one of the four reasons, the mayor may still grant it, and says why.
#[must_use]
pub fn droit_a_sepulture(motif: Option<MotifDroit>, le: Date) -> Option<Manquement> {
    motif.is_none().then(|| {
        let phrase = "Aucun des quatre cas où la sépulture est due n'est retenu : choisissez-en un, ou dites pourquoi le maire l'accorde.";
        Manquement::new(&SEPULTURE_DUE, le, phrase)
    })
}

/// For whom a concession was founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Affectation {
    /// One person named by the act.
    Individuelle,
    /// The persons named by the act.
    Collective,
    /// The holder's family.
    Familiale,
}

/// What ties a deceased person to the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lien {
    /// Is the holder.
    Titulaire,
    /// Spouse.
    Conjoint,
    /// Child, grandchild, adopted ones too.
    Descendant,
    /// Parent, grandparent.
    Ascendant,
    /// Another member of the family: successor, collateral, relative by marriage.
    Famille,
    /// Tied by affection, with the holder's agreement.
    Affection,
    /// None that is known.
    Aucun,
}

/// A deceased person before an act of concession.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beneficiaire {
    /// Whether the act, or a later one of the founder, names them.
    pub nomme: bool,
    /// Whether the founder excluded them.
    pub exclu: bool,
    /// What ties them to the holder.
    pub lien: Lien,
}

/// What stands against a burial in a concession on a day: the concession, and who rests in it.
#[must_use]
pub fn droit_dans_la_concession(
    contrat: &Contrat,
    affectation: Affectation,
    defunt: Beneficiaire,
    le: Date,
) -> Vec<Manquement> {
    let mut manquements = Vec::new();
    manquements.extend(contrat_valable(contrat, le));
    manquements.extend(beneficiaire(affectation, defunt, le));
    manquements
}

fn contrat_valable(contrat: &Contrat, le: Date) -> Option<Manquement> {
    if contrat.rompu(le) {
        let phrase = "La concession a pris fin : il faut une nouvelle concession.";
        return Some(Manquement::new(&EN_COURS, le, phrase));
    }
    if le < contrat.depart {
        let phrase = format!("La concession ne court que du {}.", jour(contrat.depart));
        return Some(Manquement::new(&EN_COURS, le, phrase).possible_le(contrat.depart));
    }
    let echeance = contrat.echeance()?;
    if echeance < le {
        let phrase = format!("La concession est échue depuis le {} : renouvelez-la d'abord.", jour(echeance));
        return Some(Manquement::new(&EN_COURS, le, phrase));
    }
    let delai = TERME_PROCHE.au(le).son_delai();
    (delai.possible_des(le) > echeance).then(|| {
        let phrase = format!(
            "La concession s'achève le {}, moins de {delai} après l'inhumation : faites-la renouveler d'abord.",
            jour(echeance)
        );
        Manquement::new(&TERME_PROCHE, le, phrase)
    })
}

fn beneficiaire(affectation: Affectation, defunt: Beneficiaire, le: Date) -> Option<Manquement> {
    let refuse = |phrase: &str, passable: bool| Some(Manquement::new(&BENEFICIAIRES, le, phrase).passable(passable));
    if defunt.exclu {
        return refuse("Le fondateur a exclu cette personne de sa concession.", false);
    }
    match (affectation, defunt.lien) {
        _ if defunt.nomme => None,
        (Affectation::Individuelle, _) => refuse(
            "La concession est individuelle : seule la personne que l'acte désigne y repose ; le fondateur, de son vivant, peut modifier l'acte.",
            false,
        ),
        (Affectation::Collective, _) => refuse(
            "La concession est collective : seules les personnes que l'acte nomme y reposent ; le fondateur, de son vivant, peut modifier l'acte.",
            false,
        ),
        (Affectation::Familiale, Lien::Affection) => {
            refuse("Un lien d'affection ne suffit qu'avec l'accord du titulaire : joignez-le.", true)
        }
        (Affectation::Familiale, Lien::Aucun) => refuse(
            "Aucun lien avec le titulaire n'est connu : établissez-le, ou choisissez une autre sépulture.",
            false,
        ),
        (Affectation::Familiale, _) => None,
    }
}
