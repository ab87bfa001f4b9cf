//! A row as its file gives it, before anyone says what its columns mean.

use time::Date;

use crate::Instant;

/// A row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ligne {
    /// Where a person finds it: the line of a text or of a spreadsheet, from 1; the rank of an object elsewhere.
    pub numero: u64,
    /// Cells, as many as the sheet has columns.
    pub valeurs: Vec<Cellule>,
    /// Where it is: EWKB, little endian, with its system when it is known.
    pub geometrie: Option<Vec<u8>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cellule {
    /// Nothing.
    #[default]
    Vide,
    /// Text, as it stands.
    Texte(String),
    /// A number, its exact text: digits, a point, perhaps an exponent.
    Nombre(String),
    /// A civil date.
    Date(Date),
    /// A date and an hour.
    Instant(Instant),
    /// True or false.
    Booleen(bool),
}

impl Cellule {
    /// The text, or nothing when it is empty.
    pub(crate) fn texte(texte: impl Into<String>) -> Self {
        let texte = texte.into();
        if texte.is_empty() { Self::Vide } else { Self::Texte(texte) }
    }

    pub(crate) fn octets(&self) -> usize {
        match self {
            Self::Texte(texte) | Self::Nombre(texte) => texte.len(),
            _ => 0,
        }
    }
}
