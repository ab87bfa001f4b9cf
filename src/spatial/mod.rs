//! Coordinates and geometries: projections, conformal zones, WKB.

pub mod cc;
pub mod projection;
pub mod wkb;
