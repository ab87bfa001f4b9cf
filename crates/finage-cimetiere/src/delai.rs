//! Delays of texts, counted on the calendar.
//!
//! The day from which a delay runs is not counted, and a delay of months or years ends on the day that bears the same
//! number, at midnight; failing such a day, on the last of the month (code de procédure civile, articles 640 to 642,
//! which the ministry applies to burials: answer n° 04764, JO Sénat of 23 March 2023). Two ways of saying « after » are
//! kept apart, because texts do: « cinq ans après » is reached on that last day, « après l'expiration d'un délai d'un
//! an » the day after it.

use std::fmt;

use time::{Date, Duration, Month};

/// What a delay is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unite {
    /// Calendar days.
    Jours,
    /// Calendar months.
    Mois,
    /// Calendar years.
    Annees,
}

/// When what waits for a delay becomes possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compte {
    /// On the last day of the delay: « cinq ans après ».
    Ecoule,
    /// On the day after it: « après l'expiration d'un délai d'un an », « deux années révolues ».
    Expire,
}

/// A delay as a text gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delai {
    /// How many units.
    pub nombre: u16,
    /// Of what.
    pub unite: Unite,
    /// What « after » means.
    pub compte: Compte,
}

impl Delai {
    /// No delay: what follows is possible on the same day.
    pub const NUL: Self = Self::ecoule(0, Unite::Jours);

    /// « … après ».
    #[must_use]
    pub const fn ecoule(nombre: u16, unite: Unite) -> Self {
        Self { nombre, unite, compte: Compte::Ecoule }
    }

    /// « après l'expiration d'un délai de … ».
    #[must_use]
    pub const fn expire(nombre: u16, unite: Unite) -> Self {
        Self { nombre, unite, compte: Compte::Expire }
    }

    /// Last day of the delay that runs from a day; the last date there is when it would lie beyond.
    ///
    /// ```
    /// use finage_cimetiere::{Delai, Unite};
    /// use time::macros::date;
    ///
    /// let trente_ans = Delai::expire(30, Unite::Annees);
    /// assert_eq!(trente_ans.dernier_jour(date!(1996 - 02 - 29)), date!(2026 - 02 - 28));
    /// assert_eq!(trente_ans.possible_des(date!(1996 - 02 - 29)), date!(2026 - 03 - 01));
    /// ```
    #[must_use]
    pub fn dernier_jour(self, depart: Date) -> Date {
        let nombre = self.nombre.into();
        match self.unite {
            Unite::Jours => jours_apres(depart, nombre),
            Unite::Mois => mois_apres(depart, nombre),
            Unite::Annees => mois_apres(depart, nombre * 12),
        }
    }

    /// First day on which what waits for the delay is possible.
    #[must_use]
    pub fn possible_des(self, depart: Date) -> Date {
        let dernier = self.dernier_jour(depart);
        match self.compte {
            Compte::Ecoule => dernier,
            Compte::Expire => lendemain(dernier),
        }
    }
}

impl fmt::Display for Delai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unite = match (self.unite, self.nombre) {
            (Unite::Jours, 0 | 1) => "jour",
            (Unite::Jours, _) => "jours",
            (Unite::Mois, _) => "mois",
            (Unite::Annees, 0 | 1) => "an",
            (Unite::Annees, _) => "ans",
        };
        write!(f, "{} {unite}", self.nombre)
    }
}

/// The day after, or the last date there is.
#[must_use]
pub fn lendemain(date: Date) -> Date {
    date.next_day().unwrap_or(Date::MAX)
}

/// Some days later (earlier when negative), within the dates there are.
#[must_use]
pub fn jours_apres(date: Date, jours: i32) -> Date {
    date.saturating_add(Duration::days(jours.into()))
}

/// Some months later, the day cut to the end of its month, within the dates there are.
fn mois_apres(date: Date, mois: i32) -> Date {
    let rang = date.year() * 12 + i32::from(u8::from(date.month())) - 1 + mois;
    let annee = rang.div_euclid(12);
    let mois = u8::try_from(rang.rem_euclid(12) + 1).ok().and_then(|mois| Month::try_from(mois).ok());
    let moved = mois.and_then(|mois| {
        let jour = date.day().min(mois.length(annee));
        Date::from_calendar_date(annee, mois, jour).ok()
    });
    moved.unwrap_or(Date::MAX)
}
