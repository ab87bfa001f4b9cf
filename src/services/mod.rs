//! Services: thin faces over the domains (search, TileJSON, tiles, styles).

pub mod destination;
pub mod recherche;
pub mod styles;
pub mod tiles;
