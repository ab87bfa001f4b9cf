//! Why an archive is not made.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::services::tiles::BuildError;
use crate::spatial::wkb::WkbError;

/// Why an archive is not made: what was at the output before is there still.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// No layer has that name.
    #[error("la couche « {0} » est inconnue")]
    Unknown(String),
    /// The layer is of rows that the public does not read.
    #[error("la couche « {0} » n'est pas ouverte au public : elle ne s'exporte pas")]
    Closed(String),
    /// The layer has no snapshot.
    #[error("la couche « {0} » mêle des formes de plusieurs genres : elle n'a pas d'instantané et ne s'exporte pas")]
    Mixed(String),
    /// A layer is named twice.
    #[error("la couche « {0} » est demandée deux fois")]
    Twice(String),
    /// What should be `layer.field` is not, or is of a layer that is not exported.
    #[error("« {0} » : un champ se demande par « couche.champ », d'une des couches exportées")]
    FieldName(String),
    /// The layer has no such field for the public.
    #[error("le champ « {field} » de la couche « {layer} » n'existe pas ou n'est pas ouvert au public")]
    Field {
        /// The layer.
        layer: &'static str,
        /// The field.
        field: String,
    },
    /// Zooms that are none, or in the wrong order.
    #[error("zooms {0} à {1} : ils vont du plus petit au plus grand, jusqu'à {max}", max = super::ZOOM_MAX)]
    Zooms(u8, u8),
    /// A box that is none.
    #[error("« {0} » n'est pas un rectangle : ouest,sud,est,nord, en degrés")]
    Box(String),
    /// The commune has no limits in the database.
    #[error("la commune {0} n'a pas de limites dans la base : importez son cadastre")]
    Commune(String),
    /// Nothing of these layers is there.
    #[error("rien à exporter : ces couches n'ont rien dans cette zone, à ces zooms")]
    Nothing,
    /// The output is no file name.
    #[error("« {} » n'est pas un nom de fichier", .0.display())]
    NoFile(PathBuf),
    /// Another export writes there.
    #[error("un autre export vers « {} » est en cours", .0.display())]
    Busy(PathBuf),
    /// It was told to stop.
    #[error("interrompu : ce qui est fait est gardé dans « {} » ; relancez la même commande pour continuer", .0.display())]
    Interrupted(PathBuf),
    /// The disk refused.
    #[error("{action} de « {} » impossible : {source}", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The archive cannot be written.
    #[error("écriture de l'archive PMTiles impossible : {0}")]
    Archive(#[from] pmtiles::PmtError),
    /// A layer cannot be read whole.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A snapshot cannot be read.
    #[error(transparent)]
    Snapshot(#[from] finage_tiles::SnapshotError),
    /// The limits of a commune cannot be read.
    #[error(transparent)]
    Wkb(#[from] WkbError),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Database(#[from] sqlx::Error),
}

/// Names what was being done to a file when the system refused.
pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ExportError {
    move |source| ExportError::Io { action, path: path.to_owned(), source }
}
