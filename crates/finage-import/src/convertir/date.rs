//! Dates: 03/05/2026, 2026-05-03, 3 mai 2026, and the day numbers of spreadsheets.

use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::{Instant, cite, nombre};
use crate::Cellule;

/// Months, without accents; three letters or more name one, where it is alone to begin so.
const MOIS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];
const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
/// Longest text that may be a date.
const MAX_OCTETS: usize = 80;
/// Day numbers that a text of five digits may be: 1954 to 2119.
const SERIES: std::ops::RangeInclusive<u32> = 20_000..=80_000;

pub(super) fn date(cellule: &Cellule) -> Result<Date, String> {
    match lit(cellule) {
        Some((date, None)) => Ok(date),
        Some((date, Some((heure, _)))) if heure == Time::MIDNIGHT => Ok(date),
        Some(_) => Err(format!("{} porte une heure : donnez la date seule.", cite(cellule))),
        None => Err(refus(cellule)),
    }
}

pub(super) fn instant(cellule: &Cellule) -> Result<Instant, String> {
    let (date, heure) = lit(cellule).ok_or_else(|| refus(cellule))?;
    Ok(match heure {
        Some((heure, Some(decalage))) => Instant::Absolu(OffsetDateTime::new_in_offset(date, heure, decalage)),
        Some((heure, None)) => Instant::Local(PrimitiveDateTime::new(date, heure)),
        None => Instant::Local(PrimitiveDateTime::new(date, Time::MIDNIGHT)),
    })
}

/// An hour as people read it, its fraction only when there is one.
pub(super) fn heure(heure: Time) -> String {
    let secondes = format!("{:02}:{:02}:{:02}", heure.hour(), heure.minute(), heure.second());
    match heure.nanosecond() {
        0 => secondes,
        nanos => format!("{secondes}.{nanos:09}").trim_end_matches('0').to_owned(),
    }
}

/// The day and hour of a spreadsheet's number: days since the end of 1899, or since 1904; to the millisecond.
pub(crate) fn du_rang(rang: f64, depuis_1904: bool) -> Option<PrimitiveDateTime> {
    if !(0.0..2_958_466.0).contains(&rang) {
        return None;
    }
    let base = match (depuis_1904, rang < 60.0) {
        (true, _) => Date::from_calendar_date(1904, Month::January, 1),
        // 1900 has a 29 February there, by tradition: the days before it are one further.
        (false, true) => Date::from_calendar_date(1899, Month::December, 31),
        (false, false) => Date::from_calendar_date(1899, Month::December, 30),
    };
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds above")]
    let millis = (rang * 86_400_000.0).round() as i64;
    PrimitiveDateTime::new(base.ok()?, Time::MIDNIGHT).checked_add(Duration::milliseconds(millis))
}

/// A date of ISO 8601 or RFC 3339, with or without hour: « 2026-05-03T10:00:00Z ».
pub(crate) fn iso(texte: &str) -> Option<Cellule> {
    if let Ok(absolu) = OffsetDateTime::parse(texte, &Rfc3339) {
        return Some(Cellule::Instant(Instant::Absolu(absolu)));
    }
    let (date, heure) = lit(&Cellule::Texte(texte.to_owned()))?;
    Some(match heure {
        None => Cellule::Date(date),
        Some((heure, None)) => Cellule::Instant(Instant::Local(PrimitiveDateTime::new(date, heure))),
        Some((heure, Some(decalage))) => {
            Cellule::Instant(Instant::Absolu(OffsetDateTime::new_in_offset(date, heure, decalage)))
        }
    })
}

type Lu = (Date, Option<(Time, Option<UtcOffset>)>);

fn lit(cellule: &Cellule) -> Option<Lu> {
    match cellule {
        Cellule::Date(date) => Some((*date, None)),
        Cellule::Instant(Instant::Local(local)) => Some((local.date(), Some((local.time(), None)))),
        Cellule::Instant(Instant::Absolu(absolu)) => {
            Some((absolu.date(), Some((absolu.time(), Some(absolu.offset())))))
        }
        Cellule::Nombre(texte) => du_nombre(texte),
        Cellule::Texte(texte) => du_texte(texte.trim()),
        Cellule::Vide | Cellule::Booleen(_) => None,
    }
}

fn du_nombre(texte: &str) -> Option<Lu> {
    let texte = nombre::canonique(texte)?;
    if texte.len() == 8 && texte.bytes().all(|octet| octet.is_ascii_digit()) {
        return compacte(&texte).map(|date| (date, None));
    }
    let rang: f64 = texte.parse().ok()?;
    let local = du_rang(rang, false).filter(|_| rang >= 1.0)?;
    Some((local.date(), (rang.fract() != 0.0).then(|| (local.time(), None))))
}

fn du_texte(texte: &str) -> Option<Lu> {
    if texte.len() > MAX_OCTETS {
        return None;
    }
    if texte.bytes().all(|octet| octet.is_ascii_digit()) {
        let serie = || texte.parse().ok().filter(|rang| texte.len() == 5 && SERIES.contains(rang));
        return match texte.len() {
            8 => compacte(texte),
            _ => du_rang(f64::from(serie()?), false).map(PrimitiveDateTime::date),
        }
        .map(|date| (date, None));
    }
    let (jour, heure) = coupe_heure(texte);
    let date = chiffree(jour).or_else(|| en_lettres(jour))?;
    match heure {
        None => Some((date, None)),
        Some(heure) => Some((date, Some(horaire(heure)?))),
    }
}

/// The date and the hour of a text: « 2026-05-03T10:00 », « 03/05/2026 à 10h30 ».
fn coupe_heure(texte: &str) -> (&str, Option<&str>) {
    let chiffre = |reste: &str| reste.starts_with(|c: char| c.is_ascii_digit());
    if let Some((jour, heure)) = texte.split_once('T').filter(|(jour, heure)| jour.len() == 10 && chiffre(heure)) {
        return (jour, Some(heure));
    }
    for separateur in [" à ", " "] {
        if let Some((jour, heure)) = texte.rsplit_once(separateur)
            && heure.contains([':', 'h', 'H'])
            && chiffre(heure)
        {
            return (jour.trim_end(), Some(heure));
        }
    }
    // « 2026-05-03 10:00:00 +0200 » is not what anybody writes; PostgreSQL glues the offset.
    (texte, None)
}

/// 10:30, 10h30, 10:30:15.25, 10:30:15+02, 10:30:15Z.
fn horaire(texte: &str) -> Option<(Time, Option<UtcOffset>)> {
    let (texte, decalage) = match texte.strip_suffix(['Z', 'z']) {
        Some(reste) => (reste, Some(UtcOffset::UTC)),
        None => match texte.rfind(['+', '-']) {
            Some(at) => (texte.get(..at)?, Some(decalage(texte.get(at..)?)?)),
            None => (texte, None),
        },
    };
    let (reste, fraction) = texte.split_once(['.', ',']).unwrap_or((texte, ""));
    let parts: Vec<&str> = reste.split([':', 'h', 'H']).collect();
    let lit = |rang: usize| match parts.get(rang) {
        None | Some(&"") => Some(0),
        Some(part) if part.len() <= 2 => part.parse::<u8>().ok(),
        Some(_) => None,
    };
    if parts.len() > 3 || fraction.len() > 9 || !fraction.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    let heure = Time::from_hms_nano(lit(0)?, lit(1)?, lit(2)?, nanos).ok()?;
    Some((heure, decalage))
}

fn decalage(texte: &str) -> Option<UtcOffset> {
    let signe: i8 = if texte.starts_with('-') { -1 } else { 1 };
    let chiffres = texte.get(1..)?.replace(':', "");
    let (heures, minutes) = (chiffres.get(..2)?.parse::<i8>().ok()?, chiffres.get(2..)?);
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse::<i8>().ok()? };
    UtcOffset::from_hms(signe * heures, signe * minutes, 0).ok()
}

fn compacte(texte: &str) -> Option<Date> {
    civile(texte.get(..4)?, texte.get(4..6)?, texte.get(6..)?)
}

fn chiffree(texte: &str) -> Option<Date> {
    let parts: Vec<&str> = texte.split(['/', '-', '.']).map(str::trim).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    if a.len() == 4 { civile(a, b, c) } else { civile(c, b, a) }
}

fn en_lettres(texte: &str) -> Option<Date> {
    let texte = texte.to_lowercase().replace(['é', 'è', 'ê'], "e").replace('û', "u").replace(',', " ");
    let mut mots: Vec<&str> = texte.split_whitespace().collect();
    if mots.first().is_some_and(|mot| JOURS.contains(&mot.trim_end_matches('.'))) {
        mots.remove(0);
    }
    let [jour, nom, annee] = mots.as_slice() else { return None };
    let jour = jour.strip_suffix("er").unwrap_or(jour);
    let nom = nom.trim_end_matches('.');
    let mut possibles = MOIS.iter().enumerate().filter(|(_, mois)| nom.len() >= 3 && mois.starts_with(nom));
    let (rang, _) = possibles.next().filter(|_| possibles.next().is_none())?;
    civile(annee, &(rang + 1).to_string(), jour)
}

/// A day of a year in four digits: two leave the century open.
fn civile(annee: &str, mois: &str, jour: &str) -> Option<Date> {
    let court = |texte: &str| (1..=2).contains(&texte.len()) && texte.bytes().all(|octet| octet.is_ascii_digit());
    if annee.len() != 4 || !court(mois) || !court(jour) || !annee.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let mois = Month::try_from(mois.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(annee.parse().ok()?, mois, jour.parse().ok()?).ok()
}

fn refus(cellule: &Cellule) -> String {
    let deux_chiffres = matches!(cellule, Cellule::Texte(texte)
        if texte.trim().rsplit(['/', '-', '.']).next().is_some_and(|annee| annee.len() == 2) && texte.contains('/'));
    if deux_chiffres {
        return format!("{} ne dit pas le siècle : écrivez l'année en quatre chiffres.", cite(cellule));
    }
    format!("{} n'est pas une date : écrivez par exemple 03/05/2026.", cite(cellule))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::{date as jour, datetime};

    use super::*;

    fn texte(texte: &str) -> Cellule {
        Cellule::Texte(texte.to_owned())
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for ecrite in [
            "03/05/2026",
            "3/5/2026",
            "2026-05-03",
            "03-05-2026",
            "03.05.2026",
            "3 mai 2026",
            "dimanche 3 mai 2026",
            "20260503",
            "46145",
            " 2026/05/03 ",
            "03/05/2026 00:00:00",
        ] {
            assert_eq!(date(&texte(ecrite)), Ok(jour!(2026 - 05 - 03)), "{ecrite}");
        }
        for (ecrite, lue) in [
            ("1er août 2025", jour!(2025 - 08 - 01)),
            ("14 JUIL. 1789", jour!(1789 - 07 - 14)),
            ("2 févr. 2024", jour!(2024 - 02 - 02)),
        ] {
            assert_eq!(date(&texte(ecrite)), Ok(lue), "{ecrite}");
        }
        assert_eq!(date(&Cellule::Nombre("46145".into())), Ok(jour!(2026 - 05 - 03)));
        assert_eq!(date(&Cellule::Nombre("1".into())), Ok(jour!(1900 - 01 - 01)));
        assert_eq!(date(&Cellule::Nombre("61".into())), Ok(jour!(1900 - 03 - 01)));
        for fausse in ["31/02/2026", "03/05/26", "05/2026", "mai", "3 ju 2026", "32/01/2026", "2026", "x"] {
            assert!(date(&texte(fausse)).unwrap_err().ends_with('.'), "{fausse}");
        }
        assert!(date(&texte("03/05/26")).unwrap_err().contains("siècle"));
        assert!(date(&texte("03/05/2026 10h30")).unwrap_err().contains("heure"));
    }

    #[test]
    fn hours_are_local_unless_they_say_where() {
        for (ecrite, lue) in [
            ("03/05/2026 10h30", Instant::Local(datetime!(2026-05-03 10:30))),
            ("3 mai 2026 à 10:30", Instant::Local(datetime!(2026-05-03 10:30))),
            ("2026-05-03T10:30:15.25Z", Instant::Absolu(datetime!(2026-05-03 10:30:15.25 UTC))),
            ("2026-05-03 10:30:00+02", Instant::Absolu(datetime!(2026-05-03 10:30 +2))),
        ] {
            assert_eq!(instant(&texte(ecrite)), Ok(lue), "{ecrite}");
        }
        assert!(instant(&texte("03/05/2026 25:00")).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_a_sentence(ecrite in any::<String>()) {
            let _ = instant(&texte(&ecrite));
            if let Err(phrase) = date(&texte(&ecrite)) {
                prop_assert!(phrase.ends_with('.'));
            }
        }

        #[test]
        fn every_way_of_writing_a_day_is_the_same_day(rang in 2_000_000..2_600_000_i32) {
            let attendue = Date::from_julian_day(rang).unwrap();
            prop_assume!(attendue.year() >= 1000);
            let (annee, mois, n) = (attendue.year(), u8::from(attendue.month()), attendue.day());
            for ecrite in [
                attendue.to_string(),
                format!("{n:02}/{mois:02}/{annee}"),
                format!("{n} {} {annee}", MOIS[usize::from(mois) - 1]),
            ] {
                prop_assert_eq!(date(&texte(&ecrite)), Ok(attendue));
            }
        }
    }
}
