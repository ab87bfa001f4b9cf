//! The module engine: a business module is a folder, and everything else follows from it.
//!
//! [`objets`] are the faces of every object, whatever brings it: rows read and written under rights. [`registry`] makes the
//! models of installed modules from their manifests and the database, [`installation`] brings a module into the database,
//! [`sources`] finds the folders. [`import`] makes rows of files. [`registre`] gives numbers without a hole, [`rattachement`] links records to features.

mod catalogue;
pub mod conservation;
pub mod import;
pub mod installation;
pub mod objets;
pub mod rattachement;
pub mod registre;
pub mod registry;
pub mod sources;
