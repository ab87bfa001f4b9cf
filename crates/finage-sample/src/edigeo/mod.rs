//! Writes a feuille as an EDIGEO lot, as the « plan cadastral informatisé » is delivered.
//!
//! One lot is one `tar.bz2`: an index (THF), extent (GEN), reference system (GEO), dates (QAL),
//! nomenclature (DIC), schema (SCD), three topological files (parcelles, feuille, section) and one
//! of free shapes (S1) with everything else. Source: « Standard d'échange PCI EDIGéO », DGFiP, 2013.

mod archive;
mod dictionary;
mod lot;
mod object;
mod record;
mod schema;
mod spaghetti;
mod support;
mod topological;
mod topology;

pub use archive::{LotFile, archive};
pub use lot::lot_files;

use crate::town::{Commune, Feuille};

/// Name of a feuille's archive.
#[must_use]
pub fn archive_name(commune: &Commune, feuille: &Feuille) -> String {
    format!("edigeo-{}.tar.bz2", commune.feuille_id(feuille))
}
