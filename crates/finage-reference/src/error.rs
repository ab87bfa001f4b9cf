//! What can be wrong with an identifier, said in French to the person who typed it.

use thiserror::Error;

/// Longest piece of the refused text that a message repeats, in characters.
const QUOTED_CHARS: usize = 40;

/// Why a text is not the identifier it was taken for. Each message is one French sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// Not an INSEE commune code.
    #[error("« {0} » n'est pas un code commune INSEE (5 caractères attendus, par exemple 13004 ou 2A004).")]
    Insee(String),
    /// Not a section prefix.
    #[error("« {0} » n'est pas un préfixe de section (3 chiffres attendus, par exemple 000).")]
    Prefixe(String),
    /// Not a section.
    #[error(
        "« {0} » n'est pas une section cadastrale (une ou deux lettres attendues, ou deux chiffres en Alsace-Moselle)."
    )]
    Section(String),
    /// Not a parcel number.
    #[error("« {0} » n'est pas un numéro de parcelle (un nombre de 1 à 9999 est attendu).")]
    Numero(String),
    /// Not a section identifier.
    #[error("« {0} » n'est pas un identifiant de section (10 caractères attendus, par exemple 13004000AB).")]
    SectionId(String),
    /// Not a feuille identifier.
    #[error(
        "« {0} » n'est pas un identifiant de feuille cadastrale (12 caractères attendus, par exemple 13004000AB01)."
    )]
    FeuilleId(String),
    /// Not a parcel identifier.
    #[error("« {0} » n'est pas un identifiant de parcelle (14 caractères attendus, par exemple 13004000AB0145).")]
    Idu(String),
    /// Not a MAJIC parcel key.
    #[error("« {0} » n'est pas une clé de parcelle MAJIC (15 caractères attendus, par exemple 132004000AB0145).")]
    MajicKey(String),
    /// Not an INSPIRE parcel identifier.
    #[error("« {0} » n'est pas un identifiant INSPIRE de parcelle (FR suivi de 15 caractères).")]
    Inspire(String),
    /// Not a direction code of the tax administration.
    #[error("« {0} » n'est pas un code de direction (un chiffre est attendu).")]
    Ccodir(String),
}

/// The part of a refused text that a message may repeat: bounded, without control characters.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(QUOTED_CHARS).is_some() {
        shown.push('…');
    }
    shown
}
