//! Who asks, what they may, and what was done.

pub mod attributions;
pub mod collectivites;
pub mod comptes;
pub mod connexion;
pub mod droits;
pub mod identite;
pub mod jour;
pub mod journal;
pub mod roles;
pub mod secret;
mod service;
pub mod vue;

pub use service::Acces;
