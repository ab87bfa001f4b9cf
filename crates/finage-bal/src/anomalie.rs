//! What is wrong with a row, where, and whether the row was kept.

use std::fmt;

use thiserror::Error;

use crate::Colonne;

/// Whether the row counts all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravite {
    /// The row was kept; what is told was corrected or left out.
    Signalee,
    /// The row was set aside.
    Rejetee,
}

/// One thing wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomalie {
    /// Line in the file, 1-based.
    pub line: u64,
    /// Whether the row was kept.
    pub gravite: Gravite,
    /// The column, when one is at fault.
    pub colonne: Option<Colonne>,
    /// What is wrong.
    pub motif: Motif,
}

impl fmt::Display for Anomalie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.gravite {
            Gravite::Signalee => "conservée",
            Gravite::Rejetee => "écartée",
        };
        match self.colonne {
            Some(colonne) => write!(f, "Ligne {} ({what}), {colonne} : {}.", self.line, self.motif),
            None => write!(f, "Ligne {} ({what}) : {}.", self.line, self.motif),
        }
    }
}

/// What is wrong; reads as the end of a French sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Motif {
    /// A value that must be there is not.
    #[error("valeur absente")]
    Missing,
    /// A value that can't be one of its column.
    #[error("« {0} » n'est pas une valeur possible")]
    Invalid(String),
    /// A value that was understood though it isn't written as the standard wants.
    #[error("« {0} » n'est pas écrit selon la norme, compris comme {1}")]
    Nonstandard(String, String),
    /// Too short or too long.
    #[error("« {0} » est trop court ou trop long")]
    Length(String),
    /// A character that an earlier conversion destroyed.
    #[error("« {0} » contient un caractère illisible")]
    Unreadable(String),
    /// Longitude and latitude outside the world, or metres in their place.
    #[error("({0}) n'est pas une longitude et une latitude en degrés")]
    NotDegrees(String),
    /// Neither `long`/`lat` nor `x`/`y`.
    #[error("aucune coordonnée")]
    NoPosition,
    /// Two columns contradict each other.
    #[error("« {0} » contredit la colonne {1}")]
    Incoherent(String, Colonne),
    /// A blank value that the interoperability key tells.
    #[error("valeur absente, « {0} » pris dans la clé d'interopérabilité")]
    FromKey(String),
    /// More or fewer fields than the header.
    #[error("{found} champs au lieu de {expected}")]
    Fields {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// The same row stands before.
    #[error("répétition de la ligne {0}")]
    Duplicate(u64),
    /// Some of the three BAN identifiers are missing or equal.
    #[error("identifiants BAN incomplets ou répétés")]
    IdsBan,
}

/// A value as a message may repeat it: 60 characters, no control character.
pub(crate) fn quoted(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
