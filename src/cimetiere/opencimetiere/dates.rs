//! Dates as they are found in an old database: whole, of a month, of a year, or none.
//!
//! A day that is not known is never made up. « 2008-01-00 », « 00/00/1950 », « 1950 », « 31/02/1980 » keep what they say.

use time::{Date, Month};

/// Years that a date may say.
const ANNEES: std::ops::RangeInclusive<i32> = 1000..=2200;

/// A date, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connue {
    /// Nothing, or zeros for nothing.
    Absente,
    /// A day.
    Jour(Date),
    /// A year and a month.
    Mois(i32, Month),
    /// A year.
    Annee(i32),
    /// Something that says no date.
    Illisible,
}

impl Connue {
    /// Reads « AAAA-MM-JJ », « JJ/MM/AAAA », « MM/AAAA », « AAAA », with or without an hour behind.
    pub(super) fn lue(texte: &str) -> Self {
        let texte = texte.trim();
        let jour = texte.split([' ', 'T']).next().unwrap_or_default();
        let parties: Vec<&str> = jour.split(['-', '/', '.']).collect();
        let longues = |rang: usize| parties.get(rang).is_some_and(|partie| partie.len() == 4);
        let (annee, mois, jour) = match parties.len() {
            _ if texte.is_empty() => return Self::Absente,
            // « 44-03-15 BC ».
            _ if texte.to_lowercase().contains("bc") => return Self::Illisible,
            1 => (parties.first(), None, None),
            2 if longues(0) => (parties.first(), parties.get(1), None),
            2 if longues(1) => (parties.get(1), parties.first(), None),
            3 if longues(0) => (parties.first(), parties.get(1), parties.get(2)),
            3 if longues(2) => (parties.get(2), parties.get(1), parties.first()),
            _ => return Self::Illisible,
        };
        let nombre = |partie: Option<&&str>| match partie {
            None => Some(0),
            Some(partie) if partie.len() <= 4 && partie.bytes().all(|octet| octet.is_ascii_digit()) => {
                partie.parse().ok()
            }
            Some(_) => None,
        };
        let (Some(annee), Some(mois), Some(jour)) = (nombre(annee), nombre(mois), nombre(jour)) else {
            return Self::Illisible;
        };
        Self::de(annee, mois, jour)
    }

    fn de(annee: i32, mois: i32, jour: i32) -> Self {
        if annee == 0 {
            return if mois == 0 && jour == 0 { Self::Absente } else { Self::Illisible };
        }
        if !ANNEES.contains(&annee) {
            return Self::Illisible;
        }
        let Some(mois) = u8::try_from(mois).ok().and_then(|mois| Month::try_from(mois).ok()) else {
            return Self::Annee(annee);
        };
        let date = u8::try_from(jour).ok().and_then(|jour| Date::from_calendar_date(annee, mois, jour).ok());
        date.map_or(Self::Mois(annee, mois), Self::Jour)
    }

    /// The day, where it is known.
    pub(super) fn jour(self) -> Option<Date> {
        if let Self::Jour(date) = self { Some(date) } else { None }
    }

    /// The year, where it alone is known (a month is kept by what is noted beside).
    pub(super) fn annee_seule(self) -> Option<i32> {
        match self {
            Self::Mois(annee, _) | Self::Annee(annee) => Some(annee),
            _ => None,
        }
    }

    /// What is wrong with the text that said it, in a sentence without its full stop; nothing when it is whole or absent.
    pub(super) fn faute(self, texte: &str) -> Option<String> {
        let texte: String = texte.trim().chars().take(60).collect();
        match self {
            Self::Absente | Self::Jour(_) => None,
            Self::Mois(annee, mois) => {
                Some(format!("« {texte} » n'est pas un jour : {:02}/{annee} est tout ce qu'on sait", u8::from(mois)))
            }
            Self::Annee(annee) => {
                Some(format!("« {texte} » n'est pas un jour : l'année {annee} est tout ce qu'on sait"))
            }
            Self::Illisible => Some(format!("« {texte} » n'est pas une date")),
        }
    }
}

/// The same day, years before.
pub(super) fn annees_avant(date: Date, annees: i32) -> Option<Date> {
    let annee = date.year().checked_sub(annees)?;
    // A 29 February without its own is the 28.
    date.replace_year(annee).or_else(|_| Date::from_calendar_date(annee, date.month(), 28)).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn what_is_known_is_kept_and_nothing_more() {
        for (texte, attendu) in [
            ("2008-01-15", Connue::Jour(date!(2008 - 01 - 15))),
            ("15/01/2008", Connue::Jour(date!(2008 - 01 - 15))),
            ("2008-01-15 00:00:00", Connue::Jour(date!(2008 - 01 - 15))),
            ("29/02/2000", Connue::Jour(date!(2000 - 02 - 29))),
            ("2008-01-00", Connue::Mois(2008, Month::January)),
            ("31/02/1980", Connue::Mois(1980, Month::February)),
            ("02/1980", Connue::Mois(1980, Month::February)),
            ("1980-02", Connue::Mois(1980, Month::February)),
            ("00/00/1950", Connue::Annee(1950)),
            ("1950", Connue::Annee(1950)),
            ("1950-13-01", Connue::Annee(1950)),
            ("0000-00-00", Connue::Absente),
            ("00/00/0000", Connue::Absente),
            ("  ", Connue::Absente),
            ("0000-05-01", Connue::Illisible),
            ("3050-01-01", Connue::Illisible),
            ("12/05/80", Connue::Illisible),
            ("infinity", Connue::Illisible),
            ("vers 1950", Connue::Illisible),
            ("0044-03-15 BC", Connue::Illisible),
            ("99999999999", Connue::Illisible),
            ("١٩٥٠", Connue::Illisible),
        ] {
            assert_eq!(Connue::lue(texte), attendu, "{texte}");
        }
        assert!(Connue::lue("2008-01-00").faute("2008-01-00").unwrap().contains("01/2008"));
        assert_eq!(Connue::lue("2008-01-15").faute("2008-01-15"), None);
    }

    #[test]
    fn a_leap_day_has_a_day_years_before() {
        assert_eq!(annees_avant(date!(2030 - 05 - 10), 30), Some(date!(2000 - 05 - 10)));
        assert_eq!(annees_avant(date!(2024 - 02 - 29), 30), Some(date!(1994 - 02 - 28)));
    }
}
