//! Numbers, kept as exact text: « 1 234,56 », « 1.234,56 », « 1234.56 », « 12 € », « 1.5E-3 » of a spreadsheet.

use super::cite;
use crate::Cellule;

/// Digits of a number at most.
const MAX_CHIFFRES: usize = 400;
/// Spaces that group thousands: plain, no-break, thin, narrow no-break.
const ESPACES: [char; 4] = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];

pub(super) fn entier(cellule: &Cellule) -> Result<i64, String> {
    let decimal = decimal(cellule)
        .map_err(|_| format!("{} n'est pas un nombre entier : écrivez-le en chiffres.", cite(cellule)))?;
    let (entier, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
    if fraction.bytes().any(|chiffre| chiffre != b'0') {
        return Err(format!("{} n'est pas un nombre entier : retirez ce qui suit la virgule.", cite(cellule)));
    }
    entier.parse().map_err(|_| format!("{} est un nombre trop grand.", cite(cellule)))
}

pub(super) fn decimal(cellule: &Cellule) -> Result<String, String> {
    let lu = match cellule {
        Cellule::Nombre(texte) => canonique(texte),
        Cellule::Texte(texte) => francais(texte),
        Cellule::Vide | Cellule::Date(_) | Cellule::Instant(_) | Cellule::Booleen(_) => None,
    };
    lu.ok_or_else(|| format!("{} n'est pas un nombre : écrivez par exemple 1234,56.", cite(cellule)))
}

/// A number of a machine (`-1.50E+3`) without exponent, leading zeros or plus.
pub(crate) fn canonique(texte: &str) -> Option<String> {
    let texte = texte.trim();
    let (mantisse, exposant) = match texte.find(['e', 'E']) {
        Some(at) => (texte.get(..at)?, texte.get(at + 1..)?.parse::<i32>().ok()?),
        None => (texte, 0),
    };
    let (negatif, chiffres) = signe(mantisse);
    let (entier, fraction) = chiffres.split_once('.').unwrap_or((chiffres, ""));
    if entier.len() + fraction.len() == 0 || !sont_chiffres(entier) || !sont_chiffres(fraction) {
        return None;
    }
    let taille = entier.len() + fraction.len() + usize::try_from(exposant.unsigned_abs()).ok()?;
    if taille > MAX_CHIFFRES {
        return None;
    }
    if exposant == 0 {
        return Some(assemble(negatif, entier, fraction));
    }
    let (tous, place) = (format!("{entier}{fraction}"), i32::try_from(entier.len()).ok()? + exposant);
    let Ok(place) = usize::try_from(place) else {
        let zeros = "0".repeat(usize::try_from(place.unsigned_abs()).ok()?);
        return Some(assemble(negatif, "0", &format!("{zeros}{tous}")));
    };
    if place >= tous.len() {
        return Some(assemble(negatif, &format!("{tous}{}", "0".repeat(place - tous.len())), ""));
    }
    Some(assemble(negatif, tous.get(..place)?, tous.get(place..)?))
}

/// A number of a spreadsheet: beyond fifteen digits, its text is a binary number's (1.1000000000000001), and the
/// shortest text of that number is what was typed.
pub(crate) fn tableur(texte: &str) -> String {
    let significatifs = texte.split(['e', 'E']).next().unwrap_or_default().bytes().filter(u8::is_ascii_digit);
    if significatifs.skip_while(|chiffre| *chiffre == b'0').count() <= 15 {
        return texte.to_owned();
    }
    match texte.parse::<f64>() {
        Ok(nombre) if nombre.is_finite() => nombre.to_string(),
        _ => texte.to_owned(),
    }
}

fn francais(texte: &str) -> Option<String> {
    let texte = texte.trim();
    let texte = texte.strip_suffix('€').or_else(|| texte.strip_suffix("EUR")).unwrap_or(texte).trim();
    if texte.len() > MAX_CHIFFRES * 2 {
        return None;
    }
    let (negatif, chiffres) = signe(texte);
    let (virgules, points) = (chiffres.matches(',').count(), chiffres.matches('.').count());
    let (entier, fraction, milliers) = match (virgules, points) {
        (0, 0) => (chiffres, "", None),
        (1, 0) => coupe(chiffres, ',', None)?,
        (0, 1) => coupe(chiffres, '.', None)?,
        (_, 0) => (chiffres, "", Some(',')),
        (0, _) => (chiffres, "", Some('.')),
        (1, _) if chiffres.rfind(',') > chiffres.rfind('.') => coupe(chiffres, ',', Some('.'))?,
        (_, 1) if chiffres.rfind('.') > chiffres.rfind(',') => coupe(chiffres, '.', Some(','))?,
        _ => return None,
    };
    let entier = sans_milliers(entier, milliers)?;
    if entier.len() + fraction.len() == 0 || !sont_chiffres(&entier) || !sont_chiffres(fraction) {
        return None;
    }
    Some(assemble(negatif, &entier, fraction))
}

fn coupe(chiffres: &str, decimale: char, milliers: Option<char>) -> Option<(&str, &str, Option<char>)> {
    chiffres.rsplit_once(decimale).map(|(entier, fraction)| (entier, fraction, milliers))
}

/// Whole digits without what groups them by three.
fn sans_milliers(entier: &str, separateur: Option<char>) -> Option<String> {
    let groupes: Vec<&str> = entier.split(|c| Some(c) == separateur || ESPACES.contains(&c)).collect();
    let bien = groupes.len() == 1
        || groupes.first().is_some_and(|tete| (1..=3).contains(&tete.len()))
            && groupes.iter().skip(1).all(|groupe| groupe.len() == 3);
    bien.then(|| groupes.concat())
}

fn signe(texte: &str) -> (bool, &str) {
    match texte.strip_prefix(['-', '\u{2212}']) {
        Some(reste) => (true, reste.trim_start()),
        None => (false, texte.strip_prefix('+').unwrap_or(texte)),
    }
}

fn sont_chiffres(texte: &str) -> bool {
    texte.bytes().all(|octet| octet.is_ascii_digit())
}

fn assemble(negatif: bool, entier: &str, fraction: &str) -> String {
    let entier = entier.trim_start_matches('0');
    let nul = entier.is_empty() && fraction.bytes().all(|chiffre| chiffre == b'0');
    let signe = if negatif && !nul { "-" } else { "" };
    let entier = if entier.is_empty() { "0" } else { entier };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{signe}{entier}{point}{fraction}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn french_numbers_are_exact() {
        for (texte, attendu) in [
            ("1 234,56", Some("1234.56")),
            ("1\u{202f}234\u{a0}567,5", Some("1234567.5")),
            ("1.234,56", Some("1234.56")),
            ("1,234.56", Some("1234.56")),
            ("1.234.567", Some("1234567")),
            ("12,50 €", Some("12.50")),
            ("-0,00", Some("0.00")),
            ("\u{2212}3", Some("-3")),
            ("007", Some("7")),
            (",5", Some("0.5")),
            ("12345678901234567890,123", Some("12345678901234567890.123")),
            ("12 34", None),
            ("1.23.4", None),
            ("1,2,3", None),
            ("10 %", None),
            ("12e3", None),
            ("", None),
            ("-", None),
            ("NaN", None),
        ] {
            assert_eq!(francais(texte).as_deref(), attendu, "{texte}");
        }
    }

    #[test]
    fn numbers_of_spreadsheets_are_what_was_typed() {
        for (texte, attendu) in [
            ("1.1000000000000001", Some("1.1")),
            ("1234.56", Some("1234.56")),
            ("1.5E-3", Some("0.0015")),
            ("12E+2", Some("1200")),
            ("-1.25e1", Some("-12.5")),
            ("1E999999999", None),
        ] {
            assert_eq!(canonique(&tableur(texte)).as_deref(), attendu, "{texte}");
        }
        assert_eq!(entier(&Cellule::Nombre("12.0".into())), Ok(12));
        assert!(entier(&Cellule::Texte("12,5".into())).unwrap_err().contains("virgule"));
        assert!(entier(&Cellule::Texte("99999999999999999999".into())).unwrap_err().contains("trop grand"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_number_or_a_sentence(texte in any::<String>()) {
            match decimal(&Cellule::Texte(texte)) {
                Ok(lu) => prop_assert_eq!(canonique(&lu), Some(lu)),
                Err(phrase) => prop_assert!(phrase.ends_with('.')),
            }
        }

        #[test]
        fn what_is_grouped_reads_as_what_is_not(nombre in any::<i32>(), centimes in 0..100_u32) {
            let exact = format!("{nombre}.{centimes:02}");
            let groupe = format!("{}", nombre.unsigned_abs()).as_bytes().rchunks(3).rev()
                .map(|trois| String::from_utf8_lossy(trois).into_owned()).collect::<Vec<_>>().join("\u{202f}");
            let francais = format!("{}{groupe},{centimes:02}", if nombre < 0 { "-" } else { "" });
            prop_assert_eq!(decimal(&Cellule::Texte(francais)), Ok(canonique(&exact).unwrap()));
        }
    }
}
