//! Public holidays, on which some delays do not run.

use time::{Date, Duration, Month, Weekday};

use crate::delai::lendemain;

/// Whose holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ressort {
    /// The eleven days of the code du travail, L3133-1.
    #[default]
    Commun,
    /// Bas-Rhin, Haut-Rhin, Moselle: Good Friday and 26 December too (code du travail, L3134-13).
    AlsaceMoselle,
}

/// Easter Sunday of a year of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).
#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
fn paques(annee: i32) -> Option<Date> {
    let (a, b, c) = (annee.rem_euclid(19), annee.div_euclid(100), annee.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let rank = h + l - 7 * m + 21;
    Date::from_calendar_date(annee, Month::March, 1).ok()?.checked_add(Duration::days(rank.into()))
}

/// Whether a day is a public holiday.
///
/// ```
/// use finage_cimetiere::{Ressort, est_ferie};
/// use time::macros::date;
///
/// assert!(est_ferie(date!(2024 - 05 - 20), Ressort::Commun), "lundi de Pentecôte");
/// assert!(!est_ferie(date!(2024 - 12 - 26), Ressort::Commun));
/// assert!(est_ferie(date!(2024 - 12 - 26), Ressort::AlsaceMoselle));
/// ```
#[must_use]
pub fn est_ferie(date: Date, ressort: Ressort) -> bool {
    let alsace = ressort == Ressort::AlsaceMoselle;
    let fixe = match (date.month(), date.day()) {
        (Month::January | Month::May | Month::November, 1)
        | (Month::May, 8)
        | (Month::July, 14)
        | (Month::August, 15)
        | (Month::November, 11)
        | (Month::December, 25) => true,
        (Month::December, 26) => alsace,
        _ => false,
    };
    // Easter Monday, Ascension, Whit Monday.
    let mobile = paques(date.year()).is_some_and(|paques| match (date - paques).whole_days() {
        1 | 39 | 50 => true,
        -2 => alsace,
        _ => false,
    });
    fixe || mobile
}

/// The nth day after a day that is neither a Sunday nor a public holiday; the day itself for none.
#[must_use]
pub fn jours_non_feries_apres(depart: Date, nombre: u16, ressort: Ressort) -> Date {
    let mut jour = depart;
    let mut restent = nombre;
    while restent > 0 && jour < Date::MAX {
        jour = lendemain(jour);
        if jour.weekday() != Weekday::Sunday && !est_ferie(jour, ressort) {
            restent -= 1;
        }
    }
    jour
}
