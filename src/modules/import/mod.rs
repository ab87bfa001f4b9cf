//! Imports: the rows of a file become rows of any object of any module.
//!
//! A [`Correspondance`] says what each column fills. [`Plan::prepare`] ties it to the object and to the rights of who asks,
//! [`Plan::lit`] reads the file (no database), [`Plan::ecrit`] stages its rows and writes them by lots, in one transaction that
//! the caller keeps or drops: a trial and an import are the same code. What a rule of today refuses is a reject, told with its
//! line; in a « reprise », what the database can hold is accepted and each breach is an [`Anomalie`] to be lifted later.

mod anomalie;
mod bilan;
mod correspondance;
mod depot;
mod ecriture;
mod erreur;
mod importation;
mod lecture;
mod liaison;
mod nomenclature;
mod permis;
mod plan;
mod proposition;
mod references;
mod rejets;
mod travail;

pub use anomalie::{Anomalie, AnomalieError, Lesquelles, PageAnomalies, leve};
pub use bilan::{Bilan, Rejet};
pub use correspondance::{Cible, Conversion, Correspondance, Emplacement};
pub use depot::{Depot, JOURS};
pub use erreur::ErreurImport;
pub use importation::{Demande, Importation, Mode};
pub use permis::{Permis, commande};
pub use plan::{Plan, Reprises, Suivi, limites};
pub use proposition::{du_manifeste, proposee, retenue, retient, signature};
pub use rejets::ecrits as rejets;
pub(crate) use rejets::enregistre;
pub use travail::{GENRE, Imports};
