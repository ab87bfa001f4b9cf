//! Reader of the French cadastre's EDIGEO lots (PCI vecteur): archive, blocks, topology, objects.
//!
//! ```no_run
//! use finage_edigeo::{Class, Limits, Lots};
//!
//! let lots = Lots::open("edigeo-25354000AB01.tar.bz2".as_ref(), &Limits::default())?;
//! for lot in lots {
//!     let lot = lot?;
//!     for parcelle in lot.of_class(Class::Parcelle) {
//!         println!("{:?} {:?} m²", parcelle.idu(), parcelle.contenance_m2());
//!     }
//!     for anomaly in &lot.anomalies {
//!         println!("{anomaly}");
//!     }
//! }
//! # Ok::<(), finage_edigeo::EdigeoError>(())
//! ```
//!
//! Pure: nothing is written, no clock, no environment. What comes in is taken for hostile:
//! bounded unpacking ([`Limits`]), no panic on any input. A file that breaks the format is an [`EdigeoError`];
//! an object that makes no sense in a sound file is an [`Anomaly`], put aside.
//!
//! Source of the format: « Standard d'échange des objets du PCI selon la norme EDIGÉO » (DGFiP, 2013), NF Z 52000.

mod archive;
mod assemble;
mod error;
mod format;
mod identifier;
mod lot;
mod model;
mod topology;
mod vector;

use std::path::Path;

pub use archive::{Limits, Lots};
pub use error::{Corruption, EdigeoError, Excess, Refusal};
pub use identifier::{Departement, departement_from_name};
pub use model::{Anomaly, Class, Defect, Label, Lot, Object, Relation, RelationKind, Shape};

/// Reads all the lots of an archive or of a folder. [`Lots`] does the same with the memory of one.
///
/// # Errors
/// The first [`EdigeoError`] met.
pub fn read_lots(path: &Path, limits: &Limits) -> Result<Vec<Lot>, EdigeoError> {
    Lots::open(path, limits)?.collect()
}
