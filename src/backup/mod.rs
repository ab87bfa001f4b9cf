//! Backup of the whole installation, its restoration on an empty machine, and the export of one collectivité.
//!
//! A backup is one tar archive, encrypted by age when a key is given: what stands outside the database first (the journal's heads
//! may lag behind the database, never lead), then one snapshot of the database, then attachments (written before the
//! rows that name them), then the digests of all that. It is written once, front to back, through a pipe of constant size.
//! A restoration reads it twice: to check it whole, then to carry it into a folder apart that is moved into place at the end.

mod arret;
mod chiffrement;
mod dehors;
mod ecriture;
mod export;
mod lecture;
mod manifeste;
mod nom;
mod programme;
mod releve;
mod restauration;
mod sauvegarde;

use std::path::{Path, PathBuf};

use thiserror::Error;

pub use arret::Arret;
pub use chiffrement::{Clef, Serrure};
pub use export::{Exporte, Exportee, exporte};
pub use restauration::{Restauration, Restauree, restaure};
pub use sauvegarde::{Sauvegarde, Sauvegardee, sauvegarde};

/// Told of units done and units in all.
pub type Avance<'a> = dyn Fn(u64, u64) + Send + Sync + 'a;

/// Why nothing was saved, restored or exported.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The database cannot be used.
    #[error(transparent)]
    Db(#[from] crate::db::DbError),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] crate::access::journal::JournalError),
    /// A file or folder of this machine.
    #[error("« {} » : {quoi} impossible ({source})", chemin.display())]
    Disque {
        /// File or folder.
        chemin: PathBuf,
        /// What was being done to it.
        quoi: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// A program of PostgreSQL's refused.
    #[error("{nom} a refusé : {message}")]
    Programme {
        /// `pg_dump`, `pg_restore`.
        nom: &'static str,
        /// Its own words.
        message: String,
    },
    /// Told to stop.
    #[error("interrompu : rien n'a été gardé")]
    Interrompu,
    /// Something is there already.
    #[error("« {} » existe déjà ; donnez un autre nom", .0.display())]
    Existe(PathBuf),
    /// A key or passphrase that cannot be used.
    #[error("{0}")]
    Cle(String),
    /// The database is not at a version that this program knows.
    #[error("la base n'est pas au niveau de cette version de Finage ; lancez « finage migrate », puis recommencez")]
    Niveau,
    /// Rows that the backup would not see.
    #[error(
        "la table {0} n'ouvre pas toutes ses lignes au rôle finage_backup : la sauvegarde serait incomplète ; lancez « finage migrate »"
    )]
    Cachee(String),
    /// The journal's key came and went meanwhile.
    #[error("le journal a été scellé pour la première fois pendant la sauvegarde ; recommencez")]
    PremierSceau,
    /// The archive cannot be used.
    #[error("« {} » ne peut être restauré : {cause} ; rien n'a été changé", archive.display())]
    Archive {
        /// The file given.
        archive: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// There is data where it should go.
    #[error("{0}")]
    Occupe(String),
    /// What was restored is not what was saved.
    #[error("la base restaurée n'est pas celle qui a été sauvegardée : {0}")]
    Differe(String),
    /// No such collectivité.
    #[error("aucune collectivité n'a le code « {0} » ; « finage collectivite list » les donne")]
    Collectivite(String),
    /// A file of the export.
    #[error("l'export n'a pas pu être écrit : {0}")]
    Export(#[from] finage_export::ExportError),
    /// A thread ended badly.
    #[error("une tâche s'est arrêtée : {0}")]
    Tache(#[from] tokio::task::JoinError),
}

/// Says what was being done to a file when the system refused.
fn disque(quoi: &'static str, chemin: &Path) -> impl FnOnce(std::io::Error) -> BackupError {
    let chemin = chemin.to_owned();
    move |source| BackupError::Disque { chemin, quoi, source }
}

/// Lower-case hexadecimal digits.
fn hex(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::with_capacity(octets.len() * 2), |mut texte, octet| {
        // Writing to a string does not fail.
        let _ = write!(texte, "{octet:02x}");
        texte
    })
}
