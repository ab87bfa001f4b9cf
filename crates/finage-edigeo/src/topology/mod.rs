//! Builds geometries from primitives: surfaces from faces, lines from arcs.

pub(crate) mod lines;
pub(crate) mod plane;
pub(crate) mod polygons;
pub(crate) mod rings;
