//! Simpler levels of a layer of areas, for the zooms below its full detail.
//!
//! Neighbours stay neighbours: a border that two areas share is one arc, simplified once. Each level is on the grid of its
//! zoom and valid there. Small areas are kept, dropped or merged with those of their group, as a [`Rule`] says; none is
//! lost without being told ([`Level::dropped`], [`Level::collapsed`]).
//!
//! ```
//! use finage_tiles::generalise::{Layer, Levels, Role, Rule, Shapes};
//!
//! let mut shapes = Shapes::default();
//! for west in [0, 40_000] {
//!     let east = west + 40_000;
//!     shapes.add_ring([[west, 0], [east, 0], [east, 30_000], [west, 30_000]], Role::Outer);
//!     shapes.end_shape();
//! }
//! let layer = Layer { shapes, groups: Vec::new() };
//! let levels = Levels::new(layer, Rule::default(), 10, 12)?;
//! let counts: Vec<(u8, usize)> = levels.map(|level| (level.zoom, level.shapes.len())).collect();
//! assert_eq!(counts, [(12, 2), (11, 2), (10, 2)]);
//! # Ok::<(), finage_tiles::generalise::GeneraliseError>(())
//! ```
//!
//! Each zoom is made from the one above it. What comes in may be anything: areas that cross themselves are repaired, those
//! that overlap others stay as they are. Work is in memory: 8 bytes a point of the layer, and about 45 more for the points of
//! the four parts at most that are worked on.

mod arcs;
mod assemble;
mod cells;
mod exact;
mod grid;
mod levels;
mod morton;
mod noding;
mod parts;
mod polygons;
mod repair;
mod rule;
mod shapes;
mod simplify;
mod small;
mod step;
mod topology;
mod vertices;

pub use grid::ZOOM_MAX;
pub use levels::{GeneraliseError, Layer, Level, Levels, MAX_POINTS, PART_POINTS};
pub use rule::{Alone, Rule, RuleError, Small};
pub use shapes::{Point, Role, Shapes};

/// Group of a shape that has none: it is never merged.
pub const NO_GROUP: u32 = u32::MAX;
