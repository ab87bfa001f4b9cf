//! Who asks, what they may, and what was done.

pub mod connexion;
pub mod journal;
