//! Generator of the sample town: two fictitious communes in the real exchange formats.
//!
//! [`Town::generate`] makes the model (streets, parcels, buildings, addresses) from a seed;
//! [`output::files`] turns it into the files of `data-samples`.

pub mod bal;
pub mod defects;
pub mod edigeo;
mod error;
pub mod etalab;
pub mod geometry;
pub mod output;
pub mod plan;
pub mod projection;
pub mod rng;
pub mod town;

pub use error::SampleError;
pub use town::{SEED, Town};
