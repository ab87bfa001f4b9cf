//! The status of a plot: derived from what is known on a day, never typed.

use time::Date;

use crate::capacite::Sejour;
use crate::concession::Contrat;
use crate::regles::concessions::{REPRISE, ROTATION};

/// What a plot is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usage {
    /// A concession in the ground, a niche, a cavurne, a walled place: what contracts grant.
    Concede,
    /// A grave of the common ground.
    TerrainCommun,
    /// The ossuary.
    Ossuaire,
    /// A temporary vault or a dépositoire.
    Depositoire,
}

/// How far the recovery of a plot went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reprise {
    /// Not started.
    #[default]
    Aucune,
    /// A procedure for abandonment runs.
    AbandonEnCours,
    /// Decided; monuments or remains may still be there.
    Prononcee,
    /// Emptied and free.
    Achevee,
}

/// What is known of a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation<'a> {
    /// What it is for.
    pub usage: Usage,
    /// Its contracts through time; those of before an achieved recovery are not among them.
    pub contrats: &'a [Contrat],
    /// The stays in it through time.
    pub sejours: &'a [Sejour],
    /// How far a recovery went.
    pub reprise: Reprise,
    /// Last day of a reservation.
    pub reserve_jusqu_au: Option<Date>,
    /// Whether it cannot be used.
    pub hors_service: bool,
}

/// The status of a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Statut {
    /// May be granted.
    Libre,
    /// Kept for someone.
    Reserve,
    /// Granted, or somebody rests there.
    Occupe,
    /// Past its term, within the two years of the right to renew.
    EchuRenouvelable,
    /// Past them, or a grave of the common ground that may be opened again.
    EchuReprenable,
    /// A procedure for abandonment runs.
    AbandonEnCours,
    /// Recovered, to be emptied.
    ReprisALiberer,
    /// Cannot be used.
    HorsService,
    /// The ossuary.
    Ossuaire,
    /// A temporary vault or a dépositoire.
    Depositoire,
}

impl Statut {
    /// All of them.
    pub const TOUS: [Self; 10] = [
        Self::Libre,
        Self::Reserve,
        Self::Occupe,
        Self::EchuRenouvelable,
        Self::EchuReprenable,
        Self::AbandonEnCours,
        Self::ReprisALiberer,
        Self::HorsService,
        Self::Ossuaire,
        Self::Depositoire,
    ];

    /// As it is stored and named in codes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Libre => "libre",
            Self::Reserve => "reserve",
            Self::Occupe => "occupe",
            Self::EchuRenouvelable => "echu_renouvelable",
            Self::EchuReprenable => "echu_reprenable",
            Self::AbandonEnCours => "abandon_en_cours",
            Self::ReprisALiberer => "repris_a_liberer",
            Self::HorsService => "hors_service",
            Self::Ossuaire => "ossuaire",
            Self::Depositoire => "depositoire",
        }
    }
}

/// The status of a plot on a day.
#[must_use]
pub fn statut(situation: &Situation<'_>, le: Date) -> Statut {
    match situation.usage {
        Usage::Ossuaire => return Statut::Ossuaire,
        Usage::Depositoire => return Statut::Depositoire,
        Usage::Concede | Usage::TerrainCommun => {}
    }
    if situation.hors_service {
        return Statut::HorsService;
    }
    match situation.reprise {
        Reprise::Prononcee => return Statut::ReprisALiberer,
        Reprise::AbandonEnCours => return Statut::AbandonEnCours,
        Reprise::Aucune | Reprise::Achevee => {}
    }
    par_contrat(situation, le).unwrap_or_else(|| sans_contrat(situation, le))
}

/// What contracts say: the longest of those that were not broken decides.
fn par_contrat(situation: &Situation<'_>, le: Date) -> Option<Statut> {
    let valables = || situation.contrats.iter().filter(|contrat| contrat.depart <= le && !contrat.rompu(le));
    if valables().any(|contrat| contrat.en_cours(le)) {
        return Some(Statut::Occupe);
    }
    let echeance = valables().filter_map(Contrat::echeance).max()?;
    let reprise_des = REPRISE.au(le).son_delai().possible_des(echeance);
    Some(if le < reprise_des { Statut::EchuRenouvelable } else { Statut::EchuReprenable })
}

fn sans_contrat(situation: &Situation<'_>, le: Date) -> Statut {
    let presents = || situation.sejours.iter().filter(|sejour| sejour.en_cours(le));
    if let Some(derniere) = presents().map(|sejour| sejour.du).max() {
        let rouvrable = ROTATION.au(le).son_delai().possible_des(derniere) <= le;
        return if situation.usage == Usage::TerrainCommun && rouvrable {
            Statut::EchuReprenable
        } else {
            Statut::Occupe
        };
    }
    let attendu = situation.contrats.iter().any(|contrat| le < contrat.depart && !contrat.rompu(le));
    if attendu || situation.reserve_jusqu_au.is_some_and(|jusqu_au| le <= jusqu_au) {
        return Statut::Reserve;
    }
    Statut::Libre
}
