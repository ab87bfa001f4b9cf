//! Exhumations, openings of coffins, reductions, urns.

use time::Date;

use crate::manquement::Manquement;
use crate::regle::Texte;
use crate::regles::operations::{
    ACCORD_FAMILLE, CONTAGION, DEMANDEUR, FERMETURE, OUVERTURE, PRESENCE, REDUCTION, URNE, URNE_RETRAIT,
};

/// Who asks for an exhumation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demandeur {
    /// The closest relative, who proved civil status, home and quality.
    PlusProcheParent,
    /// One who says so and has not proved it.
    ParentSansJustification,
    /// Anyone else.
    Autre,
    /// The commune, when it takes a grave back.
    Commune,
    /// A judge.
    Justice,
}

impl Demandeur {
    /// Whether the rules on the family's request apply.
    fn famille(self) -> bool {
        !matches!(self, Self::Commune | Self::Justice)
    }
}

/// Whether a coffin is opened, and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cercueil {
    /// Left closed.
    Ferme,
    /// Opened, in good condition.
    OuvertEnBonEtat,
    /// Found damaged: the body is put in another coffin or in a box of bones.
    Deteriore,
}

/// How an exhumation is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deroulement {
    /// Whether a relative, or one they sent, is there.
    pub parent_present: bool,
    /// Whether the public is kept away: out of opening hours, or in a closed part.
    pub public_ecarte: bool,
    /// The coffin.
    pub cercueil: Cercueil,
}

/// An exhumation on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhumation {
    /// Day of the death.
    pub deces: Date,
    /// Day of the exhumation.
    pub le: Date,
    /// Who asks.
    pub demandeur: Demandeur,
    /// Whether a relative objects.
    pub opposition: bool,
    /// Whether the person had one of the listed infections.
    pub infection: bool,
    /// Whether the coffin comes out of a temporary deposit.
    pub depot_temporaire: bool,
    /// How it is done; none before it is planned.
    pub deroulement: Option<Deroulement>,
}

impl Exhumation {
    /// What stands against it.
    #[must_use]
    pub fn juger(&self) -> Vec<Manquement> {
        let mut manquements = Vec::new();
        manquements.extend(demandeur(&DEMANDEUR, self.demandeur, self.le));
        if self.opposition && self.demandeur.famille() {
            let phrase = "Un parent s'oppose : attendez la décision du tribunal judiciaire.";
            manquements.push(Manquement::new(&ACCORD_FAMILLE, self.le, phrase));
        }
        if self.infection && !self.depot_temporaire {
            let possible = CONTAGION.au(self.le).son_delai().possible_des(self.deces);
            let phrase = "La personne était atteinte d'une infection de la liste";
            manquements.extend(Manquement::trop_tot(&CONTAGION, self.le, possible, phrase));
        }
        if let Some(deroulement) = self.deroulement {
            manquements.extend(self.deroulement(deroulement));
        }
        manquements
    }

    fn deroulement(&self, deroulement: Deroulement) -> Vec<Manquement> {
        let mut manquements = Vec::new();
        if !deroulement.parent_present && self.demandeur.famille() {
            let phrase = "Ni parent ni mandataire de la famille n'est présent : l'opération n'a pas lieu.";
            manquements.push(Manquement::new(&PRESENCE, self.le, phrase));
        }
        if !deroulement.public_ecarte {
            let phrase = "Choisissez une heure de fermeture, ou fermez cette partie du cimetière au public.";
            manquements.push(Manquement::new(&FERMETURE, self.le, phrase));
        }
        if deroulement.cercueil == Cercueil::OuvertEnBonEtat {
            manquements.extend(ouvrir(self.deces, self.le));
        }
        manquements
    }
}

fn demandeur(texte: &'static Texte, demandeur: Demandeur, le: Date) -> Option<Manquement> {
    let phrase = match demandeur {
        Demandeur::PlusProcheParent | Demandeur::Commune | Demandeur::Justice => return None,
        Demandeur::ParentSansJustification => {
            "Le demandeur n'a pas justifié de son état civil, de son domicile et de sa qualité : demandez ces pièces."
        }
        Demandeur::Autre => "La demande ne vient pas du plus proche parent : lui seul peut la faire.",
    };
    Some(Manquement::new(texte, le, phrase))
}

fn ouvrir(deces: Date, le: Date) -> Option<Manquement> {
    let possible = OUVERTURE.au(le).son_delai().possible_des(deces);
    Manquement::trop_tot(&OUVERTURE, le, possible, "Un cercueil en bon état ne s'ouvre pas avant cinq ans")
}

/// A reduction: the bones of a coffin put in a box, in the same plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reduction {
    /// Day of the death.
    pub deces: Date,
    /// Day of the burial.
    pub inhumation: Date,
    /// Day of the reduction.
    pub le: Date,
    /// The coffin.
    pub cercueil: Cercueil,
    /// Who asks.
    pub demandeur: Demandeur,
    /// Whether a relative objects.
    pub opposition: bool,
}

/// What stands against a reduction: that of an exhumation, as the Cour de cassation has it (1re civ., 16 June 2011,
/// n° 10-13.580), five years since the death unless the coffin is damaged, five years since the burial by practice.
#[must_use]
pub fn reduire(reduction: &Reduction) -> Vec<Manquement> {
    let le = reduction.le;
    let mut manquements = Vec::new();
    manquements.extend(demandeur(&DEMANDEUR, reduction.demandeur, le));
    if reduction.opposition && reduction.demandeur.famille() {
        let phrase = "Un parent s'oppose : attendez la décision du tribunal judiciaire.";
        manquements.push(Manquement::new(&ACCORD_FAMILLE, le, phrase));
    }
    if reduction.cercueil != Cercueil::Deteriore {
        manquements.extend(ouvrir(reduction.deces, le));
    }
    let possible = REDUCTION.au(le).son_delai().possible_des(reduction.inhumation);
    manquements.extend(Manquement::trop_tot(&REDUCTION, le, possible, "Un corps ne se réduit pas avant cinq ans"));
    manquements
}

/// What is done with an urn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GesteUrne {
    /// Placed in a grave, sealed on a monument, put in a columbarium, or the ashes scattered.
    Deposer,
    /// Taken out of a concession, by whom.
    Retirer(Demandeur),
}

/// What stands against something done with an urn on a day; `autorise` is the mayor's authorisation.
#[must_use]
pub fn manier_urne(geste: GesteUrne, autorise: bool, le: Date) -> Vec<Manquement> {
    let mut manquements = Vec::new();
    if let GesteUrne::Retirer(qui) = geste {
        manquements.extend(demandeur(&URNE_RETRAIT, qui, le));
    }
    if !autorise {
        let phrase = "Le maire n'a pas autorisé l'opération : faites signer l'autorisation.";
        manquements.push(Manquement::new(&URNE, le, phrase));
    }
    manquements
}
