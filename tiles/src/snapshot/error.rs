//! What can go wrong with a snapshot.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::wkb::WkbError;

/// Why a snapshot can't be written, opened or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The file system refused.
    #[error("{action} de l'instantané {} impossible", path.display())]
    Io {
        /// What was being done: « lecture », « écriture »...
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file does not begin and end as a snapshot does: something else, or cut short.
    #[error("le fichier n'est pas un instantané complet")]
    NotASnapshot,
    /// A snapshot of another format.
    #[error("l'instantané est au format {0}, ce programme lit le format {expected}", expected = super::format::VERSION)]
    Version(u32),
    /// A part does not have the checksum written for it.
    #[error("la somme de contrôle ne correspond pas : {0}")]
    Checksum(String),
    /// A part is not what the format says.
    #[error("l'instantané est corrompu : {0}")]
    Corrupt(&'static str),
    /// The schema can't be.
    #[error("le schéma de la couche est impossible : {0}")]
    Schema(&'static str),
    /// The layer has no column of that name that may be used so.
    #[error("la couche n'a pas de colonne « {0} »")]
    UnknownColumn(String),
    /// A property was asked for twice.
    #[error("la colonne « {0} » est demandée deux fois")]
    Twice(String),
    /// A row does not have one cell of the right type for each column.
    #[error("la ligne ne suit pas le schéma de la couche")]
    Row,
    /// The shape of a row can't be read.
    #[error(transparent)]
    Shape(#[from] WkbError),
    /// Simpler levels can't be made of the layer.
    #[error("les niveaux simplifiés sont impossibles")]
    Simplify(#[from] crate::generalise::GeneraliseError),
    /// More than the format can hold.
    #[error("trop de données pour un instantané : {0}")]
    TooLarge(&'static str),
}

impl SnapshotError {
    /// Names what was being done to a file when the system refused.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}
