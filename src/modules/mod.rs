//! What every business module shares: numbers of registers, links to entities of the map.

pub mod rattachement;
pub mod registre;
