//! The way in from openCimetière (openMairie): its tables become rows of the module, its stored files are attached to them.
//!
//! A dump of PostgreSQL or CSV files are read as text, nothing of them is executed. Whatever its age says against today's
//! rules, a row is taken over, and what is wrong is an anomaly: a date that is no day keeps its year, an orphan keeps its name.
//! Each table is counted, in = out + rejected; the engine's [`crate::modules::reprise`] writes, in one transaction.

mod archive;
mod base;
mod bilan;
mod codes;
mod comptes;
mod contrats;
mod dates;
mod defunts;
mod distinguer;
mod fichiers;
mod lot;
mod notes;
mod operations;
mod plan;
mod reprendre;

use thiserror::Error;

pub use base::Lecture;
pub use bilan::{BilanReprise, CompteObjet, Ecart};
pub use comptes::{CompteTable, RejetSource};
pub use reprendre::{Demande, reprend};

use crate::modules::import::ErreurImport;

/// Tables that are taken over.
const TABLES: [&str; 25] = [
    "autorisation",
    "autorisation_archive",
    "cimetiere",
    "contrat",
    "courrier",
    "courrier_archive",
    "defunt",
    "defunt_archive",
    "dossier",
    "dossier_archive",
    "emplacement",
    "emplacement_archive",
    "entreprise",
    "operation",
    "operation_defunt",
    "plans",
    "sepulture_type",
    "titre_de_civilite",
    "travaux",
    "travaux_archive",
    "travaux_nature",
    "voie",
    "voie_type",
    "zone",
    "zone_type",
];

/// Why nothing was taken over.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenCimetiereError {
    /// Tables that are not there.
    #[error("Ce n'est pas une base openCimetière : il y manque les tables « emplacement » et « defunt ».")]
    AutreBase,
    /// A table in several schemas.
    #[error("La table « {0} » est dans plusieurs schémas de l'export ; dites lequel par --schema.")]
    Schemas(String),
    /// Too many files in a folder.
    #[error("Le dossier a plus de {0} fichiers CSV ; n'y laissez que les tables.")]
    TropDeFichiers(usize),
    /// Too many rows.
    #[error("La base a plus de {0} lignes.")]
    TropDeLignes(usize),
    /// No `pg_restore`.
    #[error(
        "Un export au format « custom » se lit avec pg_restore, qui n'est pas installé : sudo apt install postgresql-client, ou donnez un export en SQL (pg_dump sans -F)."
    )]
    SansPgRestore,
    /// `pg_restore` refused the file.
    #[error("pg_restore ne lit pas cet export : {0}")]
    Archive(String),
    /// An archive that unfolds without end.
    #[error("L'export se déplie en plus de {gio} Gio, ou en plus de {minutes} minutes : il n'est pas lu.")]
    ArchiveSansFin {
        /// Bound, gibibytes.
        gio: u64,
        /// Bound, minutes.
        minutes: u64,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Lecture(#[from] finage_import::ImportError),
    /// The module is not installed.
    #[error("Le module « cimetiere » n'est pas installé : finage module install cimetiere.")]
    SansModule,
    /// No commune for the rows.
    #[error("La collectivité a {0} communes ; dites celle des cimetières par --commune.")]
    Commune(usize),
    /// A row was lost on the way.
    #[error("Les comptes de la table « {} » ne tombent pas juste ({} lues, {} reprises, {} rejetées) : rien n'est écrit.", .0.table, .0.lues, .0.reprises, .0.rejetees)]
    Comptes(CompteTable),
    /// Told to stop.
    #[error("La reprise a été interrompue ; rien n'est changé.")]
    Interrompue,
    /// The engine refused.
    #[error(transparent)]
    Import(#[from] ErreurImport),
    /// A file could not be laid down.
    #[error(transparent)]
    Fichier(#[from] crate::fichiers::FichierError),
    /// A row or a file.
    #[error(transparent)]
    Objet(#[from] crate::modules::objets::ObjetError),
    /// The disk.
    #[error("lecture impossible : {0}")]
    Disque(#[from] std::io::Error),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}
