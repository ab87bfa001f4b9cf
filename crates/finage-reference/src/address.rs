//! What a person types for an address, split into number, words and code.

use crate::{Insee, normalise};

/// An address as typed, taken apart; nothing is looked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressQuery {
    /// House number, 1 to 9998 (99999 marks a place without number in the BAL, never typed).
    pub numero: Option<u32>,
    /// Repetition index in lower case: `bis`, `ter`, `a`.
    pub suffixe: Option<String>,
    /// The other words, searched form (see [`normalise`]), abbreviations as typed.
    pub words: Vec<String>,
    /// A five-character token: postcode or INSEE code, which one is for the caller to find.
    pub code: Option<String>,
}

/// Longest text looked at, in characters.
const MAX_CHARS: usize = 200;

/// Abbreviated street types, understood as the first word only (`r` elsewhere is an initial).
const STREET_TYPES: &[(&str, &str)] = &[
    ("all", "allee"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bd", "boulevard"),
    ("bld", "boulevard"),
    ("blvd", "boulevard"),
    ("boul", "boulevard"),
    ("car", "carrefour"),
    ("carr", "carrefour"),
    ("ch", "chemin"),
    ("che", "chemin"),
    ("chem", "chemin"),
    ("chs", "chaussee"),
    ("cite", "cite"),
    ("cor", "corniche"),
    ("crs", "cours"),
    ("dom", "domaine"),
    ("esc", "escalier"),
    ("esp", "esplanade"),
    ("fbg", "faubourg"),
    ("fg", "faubourg"),
    ("ham", "hameau"),
    ("imp", "impasse"),
    ("ld", "lieu dit"),
    ("lot", "lotissement"),
    ("mte", "montee"),
    ("pas", "passage"),
    ("pass", "passage"),
    ("pl", "place"),
    ("prom", "promenade"),
    ("qr", "quartier"),
    ("qu", "quai"),
    ("qua", "quartier"),
    ("quart", "quartier"),
    ("r", "rue"),
    ("res", "residence"),
    ("rle", "ruelle"),
    ("rn", "route nationale"),
    ("rpt", "rond point"),
    ("rte", "route"),
    ("sen", "sentier"),
    ("sq", "square"),
    ("trav", "traverse"),
    ("vc", "voie communale"),
    ("za", "zone artisanale"),
    ("zi", "zone industrielle"),
];

/// Abbreviations of titles and saints, understood anywhere.
const TITLES: &[(&str, &str)] = &[
    ("cdt", "commandant"),
    ("cne", "capitaine"),
    ("dr", "docteur"),
    ("gal", "general"),
    ("mal", "marechal"),
    ("nd", "notre dame"),
    ("pdt", "president"),
    ("prof", "professeur"),
    ("st", "saint"),
    ("ste", "sainte"),
    ("sts", "saints"),
];

/// Repetition indexes written as words.
const SUFFIXES: &[&str] = &["bis", "ter", "quater", "quinquies", "sexies", "septies", "octies"];

/// The full form of one abbreviated word (searched form); `first` when it opens the street's name.
#[must_use]
pub fn expand_word(word: &str, first: bool) -> Option<&'static str> {
    let look = |table: &[(&str, &'static str)]| table.iter().find(|(short, _)| *short == word).map(|(_, full)| *full);
    first.then(|| look(STREET_TYPES)).flatten().or_else(|| look(TITLES))
}

/// Whether a word of the searched form is a street type, abbreviated or in full.
pub(crate) fn is_street_type(word: &str) -> bool {
    // One and two letters are sections before they are streets ("R 12", "AV 145", "CH 3").
    STREET_TYPES.iter().any(|(short, full)| (word.len() > 2 && *short == word) || full.split(' ').next() == Some(word))
}

/// The words with every abbreviation in full; a full form of two words gives two words.
///
/// ```
/// use finage_reference::expand_query_words;
/// let words = ["av", "du", "gal", "de", "gaulle"].map(String::from);
/// assert_eq!(expand_query_words(&words), ["avenue", "du", "general", "de", "gaulle"]);
/// ```
#[must_use]
pub fn expand_query_words(words: &[String]) -> Vec<String> {
    let mut full = Vec::with_capacity(words.len());
    for (rank, word) in words.iter().enumerate() {
        match expand_word(word, rank == 0) {
            Some(long) => full.extend(long.split(' ').map(str::to_owned)),
            None => full.push(word.clone()),
        }
    }
    full
}

/// Takes an address apart: `12 bis rue de la Rép 13200` → number 12, suffix `bis`, words, code `13200`.
///
/// Text beyond 200 characters is left aside.
#[must_use]
pub fn split_address(text: &str) -> AddressQuery {
    let bounded: String = text.chars().take(MAX_CHARS).collect();
    let searched = normalise(&bounded);
    let mut words: Vec<String> = searched.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let mut query = AddressQuery::default();
    if let Some(position) = words.iter().rposition(|word| is_code(word)) {
        query.code = Some(words.remove(position).to_uppercase());
    }
    if words.len() > 1
        && matches!(words[0].as_str(), "n" | "no" | "num" | "numero")
        && leading_number(&words[1]).is_some()
    {
        words.remove(0);
    }
    if let Some((numero, glued)) = words.first().and_then(|word| leading_number(word)) {
        query.numero = Some(numero);
        query.suffixe = glued;
        words.remove(0);
        if query.suffixe.is_none() && words.first().is_some_and(|word| is_suffix(word, words.len())) {
            query.suffixe = Some(words.remove(0));
        }
    }
    query.words = words;
    query
}

/// Five digits (postcode or commune), or a Corsican commune.
fn is_code(word: &str) -> bool {
    word.len() == 5 && (word.bytes().all(|digit| digit.is_ascii_digit()) || word.parse::<Insee>().is_ok())
}

/// `12` or `12bis`: a number of 1 to 4 digits and the suffix glued to it.
fn leading_number(word: &str) -> Option<(u32, Option<String>)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = word.split_at_checked(digits)?;
    if digits == 0 || digits > 4 || !(rest.is_empty() || is_suffix(rest, 2)) {
        return None;
    }
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((number, (!rest.is_empty()).then(|| rest.to_owned())))
}

/// Whether a word is a repetition index, `left` words (itself included) being left of the address.
///
/// A single letter is one only before more words, and never `r`: "12 r Victor Hugo" is a street.
fn is_suffix(word: &str, left: usize) -> bool {
    let letter = word.len() == 1 && word.bytes().all(|letter| letter.is_ascii_lowercase()) && word != "r" && left > 1;
    SUFFIXES.contains(&word) || letter
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> (Option<u32>, Option<String>, String, Option<String>) {
        let query = split_address(text);
        (query.numero, query.suffixe, query.words.join(" "), query.code)
    }

    #[test]
    fn an_address_is_taken_apart() {
        let bis = || Some("bis".to_owned());
        assert_eq!(split("12 bis rue de la Rép"), (Some(12), bis(), "rue de la rep".into(), None));
        assert_eq!(
            split("12bis, r Victor-Hugo 13200 Arles"),
            (Some(12), bis(), "r victor hugo arles".into(), Some("13200".into()))
        );
        assert_eq!(split("n° 3 pl de l'Église"), (Some(3), None, "pl de l eglise".into(), None));
        assert_eq!(split("12 r du Four"), (Some(12), None, "r du four".into(), None));
        assert_eq!(split("5 b chemin vert"), (Some(5), Some("b".into()), "chemin vert".into(), None));
        assert_eq!(split("rue du 8 mai 1945"), (None, None, "rue du 8 mai 1945".into(), None));
        assert_eq!(split("2a004 rue Fesch"), (None, None, "rue fesch".into(), Some("2A004".into())));
        assert_eq!(split(""), (None, None, String::new(), None));
    }

    #[test]
    fn abbreviations_open_only_where_they_mean_it() {
        let expand = |text: &str| expand_query_words(&text.split(' ').map(str::to_owned).collect::<Vec<_>>()).join(" ");
        assert_eq!(expand("r r salengro"), "rue r salengro");
        assert_eq!(expand("pl st jean"), "place saint jean");
        assert_eq!(expand("bd nd de la garde"), "boulevard notre dame de la garde");
        assert_eq!(expand("rue du ch vert"), "rue du ch vert");
    }

    #[test]
    fn full_forms_stay_in_the_searched_spelling() {
        for (_, full) in STREET_TYPES.iter().chain(TITLES) {
            assert_eq!(&normalise(full), full);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let query = split_address(&text);
            let _ = expand_query_words(&query.words);
        }
    }
}
