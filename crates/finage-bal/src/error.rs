//! Why a file is refused as a whole, said in one French sentence.

use std::io;

use thiserror::Error;

/// A file that is no BAL, or that can't be read to its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    #[error("Le fichier {file} ne peut pas être lu : {source}.")]
    Io {
        /// Name of the file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// No header, or no row under it.
    #[error("Le fichier {file} ne contient aucune adresse.")]
    Empty {
        /// Name of the file.
        file: String,
    },
    /// The header lacks what an address can't do without.
    #[error(
        "Le fichier {file} n'est pas une Base Adresse Locale : il manque {missing} ; l'en-tête lu est « {found} », celui attendu ressemble à « cle_interop;commune_insee;commune_nom;voie_nom;numero;suffixe;position;long;lat;x;y;source;date_der_maj »."
    )]
    Header {
        /// Name of the file.
        file: String,
        /// The missing columns, in French.
        missing: String,
        /// The header as read, cut to 200 characters.
        found: String,
    },
    /// One column twice.
    #[error("Le fichier {file} donne deux fois la colonne {column}.")]
    DuplicateColumn {
        /// Name of the file.
        file: String,
        /// The column's standard name.
        column: String,
    },
    /// A quote opened on this line is never closed: what follows can't be trusted.
    #[error("Le fichier {file} n'est pas un CSV valide : le guillemet ouvert à la ligne {line} n'est pas refermé.")]
    Quote {
        /// Name of the file.
        file: String,
        /// Line, 1-based.
        line: u64,
    },
    /// Binary content.
    #[error("Le fichier {file} n'est pas un texte CSV (c'est un fichier binaire).")]
    Binary {
        /// Name of the file.
        file: String,
    },
    /// More bytes, rows or columns than [`crate::Limits`] allows.
    #[error("Le fichier {file} est refusé : {what} dépasse la limite de {limit}.")]
    TooBig {
        /// Name of the file.
        file: String,
        /// What is too big, in French.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}
