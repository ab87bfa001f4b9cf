//! The grammar of one reference: `[INSEE] [prefix] section [number]`, its parts glued or apart.

use super::lexer::{is_keyword, is_number_word};
use super::{NumeroQuery, ParcelQuery};
use crate::{Insee, Prefixe, Section};

/// One way to read the words from a start on.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub query: ParcelQuery,
    /// Rank of the first word after the reference.
    pub next: usize,
    /// Whether a word said that this is a parcel or a section.
    pub explicit: bool,
}

/// A place in the words: a word and a byte offset in it. Offset 0 means nothing before is glued to it.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    words: &'a [String],
    word: usize,
    offset: usize,
    explicit: bool,
}

/// All readings that begin exactly at word `start`, the longest commune and prefix first.
pub(super) fn readings(words: &[String], start: usize) -> Vec<Reading> {
    let place = Place { words, word: start, offset: 0, explicit: false }.skip(is_keyword);
    let mut found = Vec::new();
    let with_insee =
        place.take(5).and_then(|(code, after)| Some((code.parse::<Insee>().ok()?, after.skip(is_keyword))));
    for (insee, place) in with_insee.map(|(insee, after)| (Some(insee), after)).into_iter().chain([(None, place)]) {
        let with_prefixe =
            place.take(3).and_then(|(code, after)| Some((code.parse::<Prefixe>().ok()?, after.skip(is_keyword))));
        for (prefixe, place) in
            with_prefixe.map(|(prefixe, after)| (Some(prefixe), after)).into_iter().chain([(None, place)])
        {
            let fixed_widths = insee.is_some() && prefixe.is_some();
            for (section, place) in sections(place, fixed_widths) {
                let query = ParcelQuery { insee, prefixe, section, numero: None };
                found.extend(numbered(query, place));
            }
        }
    }
    found
}

/// The section's possible readings: letters, zero and a letter, or digits.
fn sections(place: Place<'_>, fixed_widths: bool) -> Vec<(Section, Place<'_>)> {
    let rest = place.rest();
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let padded = rest.len() >= 2
        && rest.starts_with('0')
        && rest.bytes().skip(1).take_while(u8::is_ascii_alphabetic).count() == 1;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let widths = [
        (1..=2).contains(&letters).then_some(letters),
        padded.then_some(2),
        // Digits are a section as a word of their own, or where fixed widths leave no doubt.
        (place.offset == 0 && (1..=2).contains(&digits) && digits == rest.len()).then_some(digits),
        (place.offset > 0 && fixed_widths && digits > 2).then_some(2),
    ];
    let read = |width: usize| {
        let (text, after) = place.take(width)?;
        Some((text.parse::<Section>().ok()?, after))
    };
    widths.into_iter().flatten().filter_map(read).collect()
}

/// The reference with its number, when digits follow; or the bare section.
fn numbered(query: ParcelQuery, place: Place<'_>) -> Option<Reading> {
    let bare = place.offset == 0;
    let announced = place.skip(|word| is_number_word(word) || is_keyword(word));
    let announced = if bare { announced } else { place };
    let digits = announced.rest();
    if let Ok(numero) = digits.parse::<NumeroQuery>() {
        let query = ParcelQuery { numero: Some(numero), ..query };
        return Some(Reading { query, next: announced.word + 1, explicit: announced.explicit });
    }
    bare.then_some(Reading { query, next: place.word, explicit: place.explicit })
}

impl<'a> Place<'a> {
    /// What is left of the current word.
    fn rest(self) -> &'a str {
        self.words.get(self.word).and_then(|word| word.get(self.offset..)).unwrap_or_default()
    }

    /// The next `width` bytes of the current word, and the place after them.
    fn take(self, width: usize) -> Option<(&'a str, Self)> {
        let text = self.rest().get(..width)?;
        let end = self.offset + width == self.words.get(self.word)?.len();
        let (word, offset) = if end { (self.word + 1, 0) } else { (self.word, self.offset + width) };
        Some((text, Self { word, offset, ..self }))
    }

    /// Passes over whole words that only announce, and remembers that there was one.
    fn skip(mut self, announces: impl Fn(&str) -> bool) -> Self {
        while self.offset == 0
            && self.word + 1 < self.words.len()
            && self.words.get(self.word).is_some_and(|word| announces(word))
        {
            self.word += 1;
            self.explicit = true;
        }
        self
    }
}
