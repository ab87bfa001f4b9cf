//! Services: thin faces over the domains (search, TileJSON, tiles, styles).

pub mod destination;
pub mod recherche;
pub mod style_couche;
pub mod styles;
pub mod tiles;
