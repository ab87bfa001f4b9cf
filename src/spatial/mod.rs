//! Coordinates and geometries: projections, conformal zones, WKB.

pub mod cc;
pub mod coordonnees;
pub mod geojson;
pub mod mercator;
pub mod projection;
pub mod territoire;
pub mod wkb;
