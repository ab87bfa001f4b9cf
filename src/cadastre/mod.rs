//! The cadastre: core, not a module, because every module hangs on it.

pub mod commune;
pub mod exemples;
pub mod import;
pub mod layers;
pub mod liste;
pub mod parcelle;
pub mod reference;
pub mod selection;
