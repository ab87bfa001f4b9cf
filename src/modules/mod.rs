//! The module engine: a business module is a folder, and everything else follows from it.
//!
//! [`objets`] are the faces of every object, whatever brings it: rows read and written under rights. [`registry`] makes the
//! models of installed modules from their manifests and the database, [`installation`] brings a module into the database,
//! [`sources`] finds the folders.

mod catalogue;
pub mod installation;
pub mod objets;
pub mod registry;
pub mod sources;
