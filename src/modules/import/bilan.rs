//! What an import did, or would do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Rejects told in a report; the file of rejects has all.
const MAX_REJETS: usize = 100;
/// Characters of a value told in a report.
const MAX_VALEUR: usize = 200;

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Bilan {
    /// Whether rows were kept; false of a trial, or when all or nothing gave nothing.
    pub ecrit: bool,
    /// Rows of the file.
    pub lues: usize,
    /// Rows made.
    pub creees: usize,
    /// Rows changed.
    pub changees: usize,
    /// Rows that already were as the file says.
    pub inchangees: usize,
    /// Rows left alone: the row of their key is archived.
    pub archivees: usize,
    /// Rows refused.
    pub rejetees: usize,
    /// Breaches of today's rules, accepted.
    pub anomalies: usize,
    /// The first rejects.
    pub rejets: Vec<Rejet>,
}

/// What is refused of a row, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Rejet {
    /// Line of the file, or rank of the object.
    pub ligne: u64,
    /// Column.
    pub colonne: Option<String>,
    /// What it holds.
    pub valeur: Option<String>,
    /// Why, in a sentence without its full stop.
    pub motif: String,
}

impl Rejet {
    /// A refusal of a row.
    pub(super) fn new(ligne: u64, colonne: Option<&str>, valeur: Option<&str>, motif: impl Into<String>) -> Self {
        // PostgreSQL holds no NUL.
        let court = |texte: &str| texte.chars().take(MAX_VALEUR).collect::<String>().replace('\0', " ");
        Self { ligne, colonne: colonne.map(court), valeur: valeur.map(court), motif: motif.into().replace('\0', " ") }
    }

    /// « trouvé le : une date est attendue ».
    pub(super) fn phrase(&self) -> String {
        match &self.colonne {
            Some(colonne) => format!("{colonne} : {}", self.motif),
            None => self.motif.clone(),
        }
    }
}

impl Bilan {
    /// Counts rejected rows, and keeps the first rejects.
    pub(super) fn rejette(&mut self, rejets: &[Rejet]) {
        let mut lignes: Vec<u64> = rejets.iter().map(|rejet| rejet.ligne).collect();
        lignes.sort_unstable();
        lignes.dedup();
        self.rejetees = lignes.len();
        let mut tries: Vec<&Rejet> = rejets.iter().collect();
        tries.sort_by_key(|rejet| rejet.ligne);
        self.rejets = tries.into_iter().take(MAX_REJETS).cloned().collect();
    }

    /// The whole in one line.
    #[must_use]
    pub fn resume(&self) -> String {
        let compte = |nombre: usize, une: &str, plusieurs: &str| match nombre {
            0 => None,
            1 => Some(format!("1 {une}")),
            _ => Some(format!("{nombre} {plusieurs}")),
        };
        let parts: Vec<String> = [
            compte(self.creees, "fiche créée", "fiches créées"),
            compte(self.changees, "changée", "changées"),
            compte(self.inchangees, "inchangée", "inchangées"),
            compte(self.archivees, "archivée, laissée telle", "archivées, laissées telles"),
            compte(self.rejetees, "ligne refusée", "lignes refusées"),
            compte(self.anomalies, "anomalie à lever", "anomalies à lever"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let parts = if parts.is_empty() { "aucune ligne".to_owned() } else { parts.join(", ") };
        if self.ecrit { parts } else { format!("Rien n'est écrit : {parts}") }
    }
}
