//! Concessions: how long they last, and until when.

use time::Date;

use crate::delai::{Delai, Unite};
use crate::manquement::Manquement;
use crate::regles::concessions::{CENTENAIRE, CLASSES};

/// How long a concession lasts (L2223-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duree {
    /// A number of years, fifteen at most.
    Temporaire(u8),
    /// Thirty years.
    Trentenaire,
    /// Fifty years.
    Cinquantenaire,
    /// A hundred years; granted before 1959 only.
    Centenaire,
    /// Without end.
    Perpetuelle,
}

impl Duree {
    /// In years; `None` without end.
    #[must_use]
    pub fn annees(self) -> Option<u16> {
        match self {
            Self::Temporaire(annees) => Some(annees.into()),
            Self::Trentenaire => Some(30),
            Self::Cinquantenaire => Some(50),
            Self::Centenaire => Some(100),
            Self::Perpetuelle => None,
        }
    }

    /// Whether it lasts longer than another.
    #[must_use]
    pub fn plus_longue_que(self, autre: Self) -> bool {
        match (self.annees(), autre.annees()) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(annees), Some(autres)) => annees > autres,
        }
    }

    /// Last day, included, of a concession that starts on a day; `None` without end.
    ///
    /// ```
    /// use finage_cimetiere::Duree;
    /// use time::macros::date;
    ///
    /// assert_eq!(Duree::Trentenaire.echeance(date!(1960 - 08 - 16)), Some(date!(1990 - 08 - 16)));
    /// assert_eq!(Duree::Trentenaire.echeance(date!(1996 - 02 - 29)), Some(date!(2026 - 02 - 28)));
    /// assert_eq!(Duree::Perpetuelle.echeance(date!(1996 - 02 - 29)), None);
    /// ```
    #[must_use]
    pub fn echeance(self, depart: Date) -> Option<Date> {
        self.annees().map(|annees| Delai::expire(annees, Unite::Annees).dernier_jour(depart))
    }
}

/// Whether a concession of that duration may be granted by an act of that day.
#[must_use]
pub fn accorder(duree: Duree, acte: Date) -> Vec<Manquement> {
    match duree {
        Duree::Temporaire(annees) if annees == 0 || u16::from(annees) > CLASSES.actuelle.nombre() => {
            let plafond = CLASSES.actuelle.nombre();
            let phrase = format!(
                "Une concession temporaire dure de 1 à {plafond} ans, non {annees} : choisissez une autre durée."
            );
            vec![Manquement::new(&CLASSES, acte, phrase)]
        }
        Duree::Centenaire if CENTENAIRE.actuelle.en_vigueur(acte) => vec![Manquement::new(
            &CENTENAIRE,
            acte,
            "Aucune concession centenaire n'est accordée depuis 1959 : choisissez une autre durée, ou corrigez la date de l'acte.",
        )],
        _ => Vec::new(),
    }
}

/// What a contract did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// A first concession.
    Achat,
    /// The next period of one.
    Renouvellement,
    /// A longer one in place of one that ran.
    Conversion,
    /// Given by its holder, with the commune's agreement.
    Don,
}

/// A contract on a plot. There are several through time; the plot's status is computed from them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contrat {
    /// What it did.
    pub nature: Nature,
    /// For how long.
    pub duree: Duree,
    /// The day from which it runs: that of the act, or the end of the period before.
    pub depart: Date,
    /// Day of its end before its term (retrocession, conversion, recovery), from which it is no longer in force.
    pub fin_anticipee: Option<Date>,
}

impl Contrat {
    /// Last day, included, that it was granted for; `None` without end.
    #[must_use]
    pub fn echeance(&self) -> Option<Date> {
        self.duree.echeance(self.depart)
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn en_cours(&self, le: Date) -> bool {
        self.depart <= le && !self.echu(le) && !self.rompu(le)
    }

    /// Whether its term is past on a day; never for one without end.
    #[must_use]
    pub fn echu(&self, le: Date) -> bool {
        self.echeance().is_some_and(|echeance| echeance < le)
    }

    /// Whether it ended before its term, on that day or before.
    #[must_use]
    pub fn rompu(&self, le: Date) -> bool {
        self.fin_anticipee.is_some_and(|fin| fin <= le)
    }
}
