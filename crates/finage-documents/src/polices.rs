//! The two embedded fonts, and what they can write.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

static REGULAR: &[u8] = include_bytes!("../../../styles/fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../styles/fonts/NotoSans-Bold.ttf");

/// The fonts of every document: none comes from the machine, so that a page is the same everywhere.
pub(crate) struct Polices {
    /// Their index.
    pub(crate) livre: LazyHash<FontBook>,
    /// Themselves.
    pub(crate) polices: Vec<Font>,
}

impl Polices {
    /// The embedded fonts, read once for the process.
    pub(crate) fn embarquees() -> &'static Self {
        static POLICES: LazyLock<Polices> = LazyLock::new(|| {
            let polices: Vec<Font> =
                [REGULAR, BOLD].into_iter().flat_map(|data| Font::iter(Bytes::new(data))).collect();
            Polices { livre: LazyHash::new(FontBook::from_fonts(&polices)), polices }
        });
        &POLICES
    }

    /// Whether every font can write this character.
    pub(crate) fn ecrit(&self, caractere: char) -> bool {
        self.polices.iter().all(|police| police.info().coverage.contains(u32::from(caractere)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_are_there_and_write_french() {
        let polices = Polices::embarquees();
        assert_eq!(polices.polices.len(), 2);
        assert!(polices.polices.iter().all(|police| police.info().family == "Noto Sans"));
        assert!("Œuvre à l’été : « 12\u{202f}€ », ç ÿ – \u{fffd}".chars().all(|c| polices.ecrit(c)));
        assert!(!polices.ecrit('漢'));
    }
}
