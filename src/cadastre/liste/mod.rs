//! A pasted list of references, or a CSV of them: each line is read, looked up and answered.
//!
//! `lecture` reads text without a database, `colonnes` a table with a header, `communes` names, `resolution` looks up.

mod colonnes;
mod communes;
mod lecture;
mod resolution;

use finage_reference::{Insee, Numero, Prefixe, Section};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

pub use resolution::resoudre;

/// Longest list read, in bytes.
pub const MAX_OCTETS: usize = 1 << 20;
/// Lines, and references, read at most.
pub const MAX_LIGNES: usize = 20_000;
/// Characters of a line repeated in its answer; a longer piece is not read.
const MAX_TEXTE: usize = 200;

/// Why a whole list is refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ListeError {
    /// Longer than [`MAX_OCTETS`].
    #[error("La liste fait {0} octets ; la limite est de 1 Mio : partagez-la en plusieurs.")]
    TropLongue(usize),
    /// More lines or references than [`MAX_LIGNES`].
    #[error("La liste dépasse {MAX_LIGNES} lignes ou références : partagez-la en plusieurs.")]
    TropDeLignes,
    /// The database refused or timed out.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What became of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EtatLigne)]
#[serde(rename_all = "snake_case")]
pub enum Etat {
    /// One parcel, given by `idu`.
    Trouvee,
    /// Well formed, and no parcel of the database.
    Inconnue,
    /// Not a reference.
    Illisible,
    /// A parcel that an earlier reference already gave.
    Double,
    /// Several parcels; `message` names them.
    Ambigue,
}

/// The answer to one reference of a list. A line that holds several references has several answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ligne {
    /// Number of the line in the text, from 1.
    pub ligne: usize,
    /// What was read, 200 characters at most.
    pub texte: String,
    /// What became of it.
    pub etat: Etat,
    /// The parcel, when there is one.
    pub idu: Option<String>,
    /// What to know or do, in a sentence; absent when the parcel was found.
    pub message: Option<String>,
}

/// A reference read from a line, before any look-up.
#[derive(Debug)]
struct Entree {
    ligne: usize,
    texte: String,
    /// Ways to read it, best first, or the sentence that refuses it.
    lectures: Result<Vec<Souhait>, String>,
}

/// One parcel, as far as the text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Souhait {
    insee: Option<Insee>,
    /// Words that name the commune, searched form.
    commune: Vec<String>,
    prefixe: Option<Prefixe>,
    section: Section,
    numero: Numero,
}

impl Souhait {
    /// « AB 145 », « 103 AB 12 ».
    fn reference(&self) -> String {
        let prefixe = self.prefixe.filter(|prefixe| !prefixe.is_none());
        prefixe.map_or_else(
            || format!("{} {}", self.section, self.numero),
            |prefixe| format!("{prefixe} {} {}", self.section, self.numero),
        )
    }
}

/// The part of a text that an answer may repeat.
pub(super) fn montre(texte: &str) -> String {
    let texte = texte.trim();
    let mut shown: String = texte.chars().take(MAX_TEXTE).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if texte.chars().nth(MAX_TEXTE).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}
