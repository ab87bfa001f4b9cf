//! Files attached to objects: what they may be, and where they lie.
//!
//! A file is written whole, down to the disk, before the row that names it is committed: a row always has its file. Its
//! name on the disk is the digest of its content, so that the same content lies there once and a changed one is seen.
//! Nothing is deleted here.

mod depot;
mod genre;
mod nom;

use std::fmt::Write as _;
use std::io;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

pub use depot::Depot;
pub use genre::{EXTENSIONS, Genre};
pub use nom::nettoye;

/// Longest file taken, in bytes.
pub const MAX_OCTETS: usize = 20 << 20;

/// SHA-256 of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Empreinte([u8; 32]);

impl Empreinte {
    /// The digest of this content.
    #[must_use]
    pub fn de(octets: &[u8]) -> Self {
        Self(Sha256::digest(octets).into())
    }

    /// From its 32 bytes.
    #[must_use]
    pub fn lue(octets: &[u8]) -> Option<Self> {
        octets.try_into().ok().map(Self)
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.0
    }

    /// Its 64 hexadecimal digits.
    #[must_use]
    pub fn texte(&self) -> String {
        self.0.iter().fold(String::with_capacity(64), |mut texte, octet| {
            let _ = write!(texte, "{octet:02x}");
            texte
        })
    }
}

/// Why a file is not taken or not given.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FichierError {
    /// Nothing in it.
    #[error("Le fichier est vide.")]
    Vide,
    /// Too long.
    #[error("Le fichier dépasse {} Mio ; réduisez-le ou partagez-le.", MAX_OCTETS >> 20)]
    TropLong,
    /// A kind that is not taken.
    #[error("Ce genre de fichier n'est pas accepté ; sont acceptés : {}.", EXTENSIONS.join(", "))]
    Genre,
    /// Its content is not what its name says.
    #[error(
        "Le contenu du fichier n'est pas celui qu'annonce son nom (.{0}) ; enregistrez-le de nouveau sous son vrai format."
    )]
    Contenu(&'static str),
    /// No room left.
    #[error("le disque du serveur est plein")]
    Plein,
    /// The file of a row is not there, or was changed.
    #[error("le fichier {0} manque ou a été changé sur le disque ; remettez celui de la sauvegarde")]
    Altere(String),
    /// The folder cannot be read or written.
    #[error("lecture ou écriture impossible dans le dossier des fichiers joints : {0}")]
    Disque(io::Error),
}

impl From<io::Error> for FichierError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Plein,
            _ => Self::Disque(error),
        }
    }
}
