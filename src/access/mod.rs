//! Who asks, and what they may.

pub mod connexion;
