//! Who asks, what they may, and what was done.

pub mod connexion;
pub mod droits;
pub mod identite;
pub mod journal;
pub mod secret;
mod service;

pub use service::Acces;
