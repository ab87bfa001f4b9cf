//! What a person types in the search box for a parcel, read with tolerance and without looking anything up.
//!
//! `AB 145`, `ab145`, `13004000AB0145`, `000 AB 145`, `section AB n° 145`, `AB 145, 146`, `AB 145 Valbrume`,
//! MAJIC keys, numbered sections of Alsace-Moselle... A text may have several readings: they all come, best first.

mod grammar;
mod lexer;
mod numero;

pub use numero::NumeroQuery;

use grammar::Reading;
use lexer::Segment;

use crate::address::is_street_type;
use crate::{Idu, Insee, Prefixe, Section};

/// Longest text looked at, in characters; a longer one has no reading.
pub const MAX_CHARS: usize = 200;

/// One parcel, or the parcels of one section, as far as the text names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelQuery {
    /// The commune, when the text gives its code.
    pub insee: Option<Insee>,
    /// The section prefix; `None` means any.
    pub prefixe: Option<Prefixe>,
    /// The section.
    pub section: Section,
    /// The number or its first digits; `None` means the whole section.
    pub numero: Option<NumeroQuery>,
}

/// How far a reading is from being the only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The text names the object entirely (an identifier).
    Certain,
    /// A section in letters and a number, or words that say it is a parcel.
    Likely,
    /// The text may as well be something else (`LA`, `12 345`).
    Possible,
}

/// One reading of the text: at least one parcel, and the words that are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The parcels or sections asked for, in the order typed; never empty.
    pub parcels: Vec<ParcelQuery>,
    /// The words around the reference, searched form: most often the commune's name or postcode.
    pub commune_words: Vec<String>,
    /// How sure the reading is.
    pub confidence: Confidence,
}

impl From<Idu> for ParcelQuery {
    fn from(idu: Idu) -> Self {
        Self {
            insee: Some(idu.insee()),
            prefixe: Some(idu.prefixe()),
            section: idu.section(),
            numero: Some(idu.numero().into()),
        }
    }
}

/// All readings of the text as a parcel reference, best first; none when it is not one.
#[must_use]
pub fn parse(text: &str) -> Vec<Candidate> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Vec::new();
    }
    let mut candidates: Vec<Candidate> = identifier(text).into_iter().collect();
    let segments = lexer::segments(text);
    if let Some((first, rest)) = segments.split_first() {
        for start in 0..first.len() {
            for reading in grammar::readings(first, start) {
                candidates.extend(candidate(first, start, &reading, rest));
            }
        }
    }
    let postcodes: Vec<Candidate> = candidates.iter().filter_map(with_postcode).collect();
    candidates.extend(postcodes);
    candidates.sort_by_key(|candidate| (candidate.confidence, candidate.commune_words.len()));
    let mut distinct: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        if !distinct
            .iter()
            .any(|seen| seen.parcels == candidate.parcels && seen.commune_words == candidate.commune_words)
        {
            distinct.push(candidate);
        }
    }
    distinct
}

/// A whole identifier, wherever spaces or hyphens were put in it; MAJIC keys keep their blanks.
fn identifier(text: &str) -> Option<Candidate> {
    let compact: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let spelled_out =
        text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_' | '\t' | '\u{a0}'));
    let idu = match compact.len() {
        _ if !spelled_out => None,
        14 => compact.parse().ok(),
        15 => Idu::from_majic_key(&compact).ok().map(|(idu, _)| idu),
        17 => Idu::from_inspire_id(&compact).ok().map(|(idu, _)| idu),
        _ => None,
    };
    let idu = idu.or_else(|| Idu::from_majic_key(text.trim()).ok().map(|(idu, _)| idu))?;
    Some(Candidate { parcels: vec![idu.into()], commune_words: Vec::new(), confidence: Confidence::Certain })
}

/// Weighs one reading of the first segment and adds what the other segments list.
fn candidate(first: &Segment, start: usize, reading: &Reading, rest: &[Segment]) -> Option<Candidate> {
    let base = &reading.query;
    let mut parcels = vec![base.clone()];
    let mut words: Vec<String> = first[..start].to_vec();
    if words.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()) && word.parse::<Insee>().is_err()) {
        return None;
    }
    let mut trailing = first.get(reading.next..).unwrap_or_default();
    // "12 34 56" is more often a telephone number than parcels of a numbered section.
    if base.numero.is_some()
        && !(base.section.is_numeric() && base.insee.is_none() && base.prefixe.is_none() && !reading.explicit)
    {
        trailing = more_numbers(base, trailing, &mut parcels);
    }
    let around = !words.is_empty() && !trailing.is_empty();
    words.extend(without_link_words(trailing));
    for segment in rest {
        list_entry(base, segment, &mut parcels, &mut words);
    }
    if base.insee.is_none()
        && let Some(position) = words.iter().position(|word| word.parse::<Insee>().is_ok())
    {
        let insee = words.remove(position).parse().ok();
        for parcel in parcels.iter_mut().filter(|parcel| parcel.insee.is_none()) {
            parcel.insee = insee;
        }
    }
    let located = base.insee.is_some() || base.prefixe.is_some() || reading.explicit;
    let street = words.iter().any(|word| is_street_type(word));
    let stray = words.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let numbered_alone = base.section.is_numeric() && base.numero.is_none() && !reading.explicit;
    let bare_with_words = base.numero.is_none() && !words.is_empty();
    if numbered_alone || (!located && (around || street || stray || bare_with_words)) {
        return None;
    }
    let confidence = match (base.numero.is_some(), base.section.is_numeric()) {
        (true, _) if base.insee.is_some() && base.prefixe.is_some() => Confidence::Certain,
        (true, false) => Confidence::Likely,
        _ if located => Confidence::Likely,
        _ => Confidence::Possible,
    };
    Some(Candidate { parcels, commune_words: words, confidence })
}

/// The same reading when the five digits are a postcode and not an INSEE code.
fn with_postcode(candidate: &Candidate) -> Option<Candidate> {
    let base = candidate.parcels.first()?;
    let insee = base.insee.filter(|_| base.prefixe.is_none())?;
    let mut postcode = candidate.clone();
    for parcel in &mut postcode.parcels {
        parcel.insee = None;
    }
    postcode.commune_words.insert(0, insee.as_str().to_lowercase());
    postcode.confidence = Confidence::Possible;
    Some(postcode)
}

/// One entry of a list after the first: other numbers of the same section, another reference, or words.
fn list_entry(base: &ParcelQuery, segment: &Segment, parcels: &mut Vec<ParcelQuery>, words: &mut Vec<String>) {
    let rest = more_numbers(base, segment, parcels);
    if rest.len() == segment.len()
        && let Some(reading) = grammar::readings(segment, 0).into_iter().find(|reading| reading.query.numero.is_some())
    {
        let mut query = reading.query;
        query.insee = query.insee.or(base.insee);
        query.prefixe = query.prefixe.or(base.prefixe);
        parcels.push(query);
        words.extend(without_link_words(segment.get(reading.next..).unwrap_or_default()));
    } else {
        words.extend(without_link_words(rest));
    }
}

/// Takes leading numbers as more parcels of the base's section; gives the words after them.
fn more_numbers<'a>(base: &ParcelQuery, mut words: &'a [String], parcels: &mut Vec<ParcelQuery>) -> &'a [String] {
    while let Some((word, rest)) = words.split_first() {
        if lexer::is_number_word(word) && rest.first().is_some_and(|next| next.parse::<NumeroQuery>().is_ok()) {
            words = rest;
            continue;
        }
        let Ok(numero) = word.parse() else { break };
        parcels.push(ParcelQuery { numero: Some(numero), ..base.clone() });
        words = rest;
    }
    words
}

/// Drops the words that link a reference to a commune's name ("à", "commune de").
fn without_link_words(words: &[String]) -> impl Iterator<Item = String> {
    words.iter().skip_while(|word| matches!(word.as_str(), "a" | "de" | "d" | "commune" | "ville")).cloned()
}

#[cfg(test)]
mod tests;
