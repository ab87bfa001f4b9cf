//! Cuts the typed text into list segments, and those into words of the searched form.

use super::{NumeroQuery, grammar};
use crate::normalise;

/// The words between two list separators, lower case, ASCII letters and digits mostly.
pub(super) type Segment = Vec<String>;

/// What stands for the sign `n°` once the text is cut into words.
pub(super) const NUMBER_WORD: &str = "numero";

/// Segments that hold at least one word; `,` `;` `&` `+` `/`, a line end, and "et" between numbers separate.
pub(super) fn segments(text: &str) -> Vec<Segment> {
    let mut cut = Vec::new();
    for piece in text.split([',', ';', '&', '+', '/', '\n', '\r']) {
        let words: Segment = normalise(&spell_number_sign(piece))
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let mut segment = Segment::new();
        for (rank, word) in words.iter().enumerate() {
            if word == "et" && joins_numbers(&words, rank, &segment, !cut.is_empty()) {
                cut.push(std::mem::take(&mut segment));
            } else {
                segment.push(word.clone());
            }
        }
        cut.push(segment);
    }
    cut.retain(|segment| !segment.is_empty());
    cut
}

/// Whether the word announces a number: `n°`, `numéro`, `num`.
pub(super) fn is_number_word(word: &str) -> bool {
    matches!(word, NUMBER_WORD | "numeros" | "num" | "nos" | "no" | "n")
}

/// Whether the word says that a parcel or a section follows.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "section"
            | "sections"
            | "sect"
            | "parcelle"
            | "parcelles"
            | "cadastre"
            | "cadastree"
            | "cadastrees"
            | "cadastrale"
            | "cadastrales"
            | "idu"
    )
}

/// Writes `n°` as a word, so that it isn't mistaken for section N.
fn spell_number_sign(piece: &str) -> String {
    let mut spelled = String::with_capacity(piece.len());
    for c in piece.chars() {
        match c {
            '°' | 'º' if spelled.ends_with(['n', 'N']) => {
                spelled.pop();
                spelled.push(' ');
                spelled.push_str(NUMBER_WORD);
                spelled.push(' ');
            }
            '°' | 'º' => spelled.push(' '),
            c => spelled.push(c),
        }
    }
    spelled
}

/// "AB 145 et 146", "AB 145 et AC 12": a whole reference or list entry before, a number one or two
/// words after. "01001 000 ET 1" holds no reference before: there, ET is the section.
fn joins_numbers(words: &[String], rank: usize, segment: &Segment, in_list: bool) -> bool {
    let ends_in_digit = |word: &String| word.ends_with(|c: char| c.is_ascii_digit());
    let whole = |start: usize| {
        grammar::readings(segment, start)
            .iter()
            .any(|reading| reading.query.numero.is_some() && reading.next == segment.len())
    };
    let before = (0..segment.len()).any(whole)
        || (in_list && segment.last().is_some_and(|word| word.parse::<NumeroQuery>().is_ok()));
    let after = |step: usize| words.get(rank + step).is_some_and(ends_in_digit);
    before && (after(1) || after(2))
}
