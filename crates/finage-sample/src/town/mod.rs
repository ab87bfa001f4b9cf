//! The town as a model: what the writers of files, and later the other modules, draw from.
//!
//! Geometry is in Lambert-93 metres (EPSG:2154), rounded to the centimetre; neighbours share their
//! vertices exactly.

mod addresses;
mod assemble;
mod blocks;
mod buildings;
mod faces;
mod grounds;
mod lots;
mod marks;
mod model;
mod numbering;
mod roads;

pub use assemble::middle;
pub use model::{
    Adresse, Batiment, Borne, BorneKind, Commune, Dates, Ecriture, Feuille, Front, LieuDit, Parcelle, Quality, Section,
    Subdivision, Symbole, SymboleShape, Troncon, TronconShape, Voie,
};

use crate::SampleError;

/// The sample town: two communes side by side.
#[derive(Debug, Clone)]
pub struct Town {
    /// The seed it was made from.
    pub seed: u64,
    /// Valbrume-sur-Ourche, then Saint-Cyprin-les-Vignes.
    pub communes: Vec<Commune>,
}

/// The seed of the committed samples.
pub const SEED: u64 = 99_101;

impl Town {
    /// Makes the town. The same seed gives the same town, to the centimetre.
    ///
    /// # Errors
    /// [`SampleError::Projection`] when PROJ lacks a coordinate system, [`SampleError::Plan`] when a
    /// commune of the plan has no outline.
    ///
    /// # Example
    /// ```
    /// let town = finage_sample::Town::generate(finage_sample::SEED)?;
    /// assert_eq!(town.communes[0].nom, "Valbrume-sur-Ourche");
    /// # Ok::<(), finage_sample::SampleError>(())
    /// ```
    pub fn generate(seed: u64) -> Result<Self, SampleError> {
        Ok(Self { seed, communes: assemble::communes(seed)? })
    }
}
