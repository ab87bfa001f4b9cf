//! Numbers and dates as French letters write them.

/// Between groups of three digits and before a unit: the narrow no-break space.
const FINE: char = '\u{202f}';

/// Months by their number, from 1.
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

/// A decimal text (`-1234567.50`) in French: « −1 234 567,50 », the digits as they are.
#[must_use]
pub fn nombre(decimal: &str) -> String {
    let (signe, chiffres) = match decimal.strip_prefix(['-', '\u{2212}']) {
        Some(reste) => ("\u{2212}", reste),
        None => ("", decimal.strip_prefix('+').unwrap_or(decimal)),
    };
    let (entier, fraction) = chiffres.split_once('.').unwrap_or((chiffres, ""));
    let mut texte = signe.to_owned();
    let longueur = entier.chars().count();
    for (rang, chiffre) in entier.chars().enumerate() {
        if rang > 0 && (longueur - rang).is_multiple_of(3) {
            texte.push(FINE);
        }
        texte.push(chiffre);
    }
    if !fraction.is_empty() {
        texte.push(',');
        texte += fraction;
    }
    texte
}

/// A decimal text of at most two decimals as an amount: « 1 234,50 € ».
#[must_use]
pub fn montant(decimal: &str) -> String {
    let (entier, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    format!("{}{FINE}€", nombre(&format!("{entier}.{fraction:0<2}")))
}

/// « 3 mai 2026 », « 1er juin 2026 ». Nothing when there is no such month.
#[must_use]
pub fn date_longue(annee: i32, mois: u8, jour: u8) -> Option<String> {
    let nom = MOIS.get(usize::from(mois).checked_sub(1)?)?;
    let rang = if jour == 1 { "er" } else { "" };
    // No-break: a day is never parted from its month, nor a month from its year.
    Some(format!("{jour}{rang}\u{a0}{nom}\u{a0}{annee}"))
}

/// « 03/05/2026 ».
#[must_use]
pub fn date_courte(annee: i32, mois: u8, jour: u8) -> String {
    format!("{jour:02}/{mois:02}/{annee:04}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three_from_the_right() {
        assert_eq!(nombre("0"), "0");
        assert_eq!(nombre("999"), "999");
        assert_eq!(nombre("1000"), "1\u{202f}000");
        assert_eq!(nombre("-1234567.50"), "\u{2212}1\u{202f}234\u{202f}567,50");
        assert_eq!(nombre("0.001"), "0,001");
    }

    #[test]
    fn an_amount_has_two_decimals() {
        assert_eq!(montant("1234.5"), "1\u{202f}234,50\u{202f}€");
        assert_eq!(montant("12"), "12,00\u{202f}€");
        assert_eq!(montant("-0.05"), "\u{2212}0,05\u{202f}€");
    }

    #[test]
    fn the_first_of_a_month_is_an_ordinal() {
        assert_eq!(date_longue(2026, 6, 1).as_deref(), Some("1er\u{a0}juin\u{a0}2026"));
        assert_eq!(date_longue(2026, 5, 3).as_deref(), Some("3\u{a0}mai\u{a0}2026"));
        assert_eq!(date_longue(2026, 13, 3), None);
        assert_eq!(date_longue(2026, 0, 3), None);
        assert_eq!(date_courte(2026, 5, 3), "03/05/2026");
    }
}
