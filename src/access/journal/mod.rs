//! The journal: lines written with the edit, sealed each second, verified from outside the database.
//!
//! A line is written in the transaction of what it tells, unsealed: it exists if and only if that does. A task of the
//! server then gives committed lines a rank and a seal, under a key that the database has not, and writes how far the chain
//! went to a file beside the key. What is claimed covers sealed lines; the chain itself is `finage-journal`'s.

mod controle;
mod dossier;
mod ecriture;
mod gardien;
mod instant;
mod lecture;
mod noms;
mod purge;
mod recherche;
mod scellement;

use std::path::PathBuf;

use finage_journal::{Chaine, Faute};
use thiserror::Error;

pub use controle::{Controle, controle};
pub use dossier::Dossier;
pub use ecriture::{Auteur, Fait, Finalite, FinaliteError, acces, acte};
pub use gardien::Gardien;
pub use instant::Instant;
pub use noms::Noms;
pub use purge::{Purge, purge};
pub use recherche::{MAX_PAGE, Recherche, Trace};
pub use scellement::scelle;

/// Why the journal cannot be written, sealed or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The database refused.
    #[error("la base a refusé une opération du journal : {0}")]
    Base(#[from] sqlx::Error),
    /// A line that is too long to be kept.
    #[error("la ligne de journal sur « {objet} » est trop longue ({octets} octets) ; réduisez les critères")]
    TropLongue {
        /// Kind of object.
        objet: String,
        /// Its size.
        octets: usize,
    },
    /// The folder of the key cannot be read or written.
    #[error("« {} » : lecture ou écriture impossible ({source}) ; vérifiez les droits de ce dossier", chemin.display())]
    Dossier {
        /// File or folder.
        chemin: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Lines are sealed and the key is not there.
    #[error("la clé du journal « {} » manque alors que des lignes sont scellées ; remettez celle de la sauvegarde", .0.display())]
    CleAbsente(PathBuf),
    /// The file of the key holds something else.
    #[error("la clé du journal « {} » n'est pas un fichier de 32 octets ; remettez celle de la sauvegarde", .0.display())]
    CleMalformee(PathBuf),
    /// Others than the server may read the key.
    #[error("la clé du journal « {chemin} » peut être lue par d'autres comptes de la machine ; corrigez avec : chmod 600 {chemin}", chemin = .0.display())]
    ClePartagee(PathBuf),
    /// Lines are sealed and the head is not there.
    #[error("{} : la tête « {} » manque alors que des lignes sont scellées ; remettez celle de la sauvegarde", chaine.libelle(), chemin.display())]
    TeteAbsente {
        /// Chain.
        chaine: Chaine,
        /// File.
        chemin: PathBuf,
    },
    /// The head was not written by this server.
    #[error("{} : la tête « {} » a été changée ou n'a pas été écrite avec cette clé ; remettez celle de la sauvegarde", chaine.libelle(), chemin.display())]
    TeteFausse {
        /// Chain.
        chaine: Chaine,
        /// File.
        chemin: PathBuf,
    },
    /// The journal was tampered with.
    #[error("{0}")]
    Altere(#[from] Faute),
    /// Lines changed under the hands of the sealer or of the purge.
    #[error("{} : {attendues} lignes attendues, {trouvees} touchées ; rien n'a été changé, recommencez", chaine.libelle())]
    Compte {
        /// Chain.
        chaine: Chaine,
        /// Lines meant.
        attendues: u64,
        /// Lines the database touched.
        trouvees: u64,
    },
}

/// Sealing and purge of a chain take turns, on every server of a database (arbitrary, constant).
const VERROU: i64 = 0x0066_696e_6a6f_7572;

/// The advisory lock of a chain.
fn verrou(chaine: Chaine) -> i64 {
    match chaine {
        Chaine::Acces => VERROU,
        Chaine::Acte => VERROU + 1,
    }
}

/// A statement on the table of acts, for the table of this chain: both have the same columns.
fn pour(chaine: Chaine, sql: &'static str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(match chaine {
        Chaine::Acte => sql.to_owned(),
        Chaine::Acces => sql.replace("journal.acte", "journal.acces"),
    })
}
