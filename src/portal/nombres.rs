//! Numbers, areas, lengths and dates as they are written in French; the same as `web/src/format/nombres.ts`.

use time::{Date, OffsetDateTime};

/// Narrow no-break space: before units and between groups of three digits.
const FINE: char = '\u{202f}';
const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The day of an instant, at the legal time of mainland France.
#[must_use]
pub fn jour(instant: OffsetDateTime) -> String {
    let (jour, _) = a_paris(instant);
    jour
}

/// `28 novembre 2026 à 9 h 05`, at the legal time of mainland France.
#[must_use]
pub fn moment(instant: OffsetDateTime) -> String {
    let (jour, heure) = a_paris(instant);
    format!("{jour} à {heure}")
}

fn a_paris(instant: OffsetDateTime) -> (String, String) {
    let local =
        jiff::Timestamp::from_second(instant.unix_timestamp()).and_then(|instant| instant.in_tz("Europe/Paris"));
    let Ok(local) = local else { return (date(instant.date()), format!("{} h UTC", instant.hour())) };
    let day = time::Month::try_from(local.month().unsigned_abs())
        .and_then(|month| Date::from_calendar_date(local.year().into(), month, local.day().unsigned_abs()));
    (day.map(date).unwrap_or_default(), format!("{} h {:02}", local.hour(), local.minute()))
}

/// `1 234`.
#[must_use]
pub fn entier(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = if n < 0 { "−".to_owned() } else { String::new() };
    for (rank, digit) in digits.chars().enumerate() {
        if rank > 0 && (digits.len() - rank).is_multiple_of(3) {
            out.push(FINE);
        }
        out.push(digit);
    }
    out
}

/// `1 234,56`, with that many decimals.
#[must_use]
pub fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = entier(whole.parse().unwrap_or(i64::MAX));
    if !fraction.is_empty() {
        out.push(',');
        out.push_str(fraction);
    }
    if value < 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9')) { format!("−{out}") } else { out }
}

/// `1 234 m²`; one decimal under 100 m².
#[must_use]
pub fn surface(m2: f64) -> String {
    format!("{}{FINE}m²", decimal(m2, usize::from(m2.abs() < 100.0)))
}

/// `+5 m²`, `−5 m²`: the difference of two areas.
#[must_use]
pub fn ecart(m2: f64) -> String {
    let text = decimal(m2, 0);
    let sign = if text.starts_with('−') || text == "0" { "" } else { "+" };
    format!("{sign}{text}{FINE}m²")
}

/// `12,3 m`, `845 m`, `1,25 km`.
#[must_use]
pub fn longueur(m: f64) -> String {
    if m >= 1000.0 {
        return format!("{}{FINE}km", decimal(m / 1000.0, 2));
    }
    format!("{}{FINE}m", decimal(m, usize::from(m < 100.0)))
}

/// As the cadastre writes an area: `12 ha 03 a 45 ca`, `3 a 45 ca`, `45 ca` (1 ca = 1 m²).
#[must_use]
pub fn contenance(m2: i32) -> String {
    let (ha, a, ca) = (m2 / 10_000, m2 % 10_000 / 100, m2 % 100);
    if ha > 0 {
        format!("{}{FINE}ha {a:02}{FINE}a {ca:02}{FINE}ca", entier(ha.into()))
    } else if a > 0 {
        format!("{a}{FINE}a {ca:02}{FINE}ca")
    } else {
        format!("{ca}{FINE}ca")
    }
}

/// `1er octobre 2026`.
#[must_use]
pub fn date(date: Date) -> String {
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    let month = MOIS.get(usize::from(u8::from(date.month())) - 1).copied().unwrap_or_default();
    format!("{day} {month} {}", date.year())
}

/// `n résultat(s)`: the noun takes an s from two on.
#[must_use]
pub fn accord(n: usize, singular: &str, plural: &str) -> String {
    format!("{} {}", entier(i64::try_from(n).unwrap_or(i64::MAX)), if n > 1 { plural } else { singular })
}

/// « 1,2 Mio », « 45 Kio »: powers of 1024, as bounds are said; a round number has no decimals.
#[must_use]
pub fn taille(octets: i64) -> String {
    let kio = f64::from(i32::try_from(octets.saturating_add(1023) / 1024).unwrap_or(i32::MAX)).max(1.0);
    if kio < 1024.0 {
        return format!("{}\u{202f}Kio", decimal(kio, 0));
    }
    let mio = kio / 1024.0;
    format!("{}\u{202f}Mio", decimal(mio, usize::from(mio.fract() > 0.0)))
}

/// A query value, percent-encoded.
#[must_use]
pub fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_french() {
        assert_eq!(entier(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(entier(123), "123");
        assert_eq!(decimal(1234.5, 1), "1\u{202f}234,5");
        assert_eq!(surface(45.25), "45,2\u{202f}m²");
        assert_eq!(ecart(-5.2), "−5\u{202f}m²");
        assert_eq!(ecart(-0.2), "0\u{202f}m²");
        assert_eq!(longueur(1250.0), "1,25\u{202f}km");
        assert_eq!(contenance(120_345), "12\u{202f}ha 03\u{202f}a 45\u{202f}ca");
        assert_eq!(date(time::macros::date!(2026 - 10 - 01)), "1er octobre 2026");
        assert_eq!(encode("AB 1&é"), "AB%201%26%C3%A9");
        assert_eq!(accord(2, "résultat", "résultats"), "2 résultats");
        assert_eq!(taille(10), "1\u{202f}Kio");
        assert_eq!(taille(45 * 1024 + 1), "46\u{202f}Kio");
        assert_eq!(taille(5 << 20), "5\u{202f}Mio");
        assert_eq!(taille(3 << 19), "1,5\u{202f}Mio");
    }
}
