//! Vector tile addressing and TileJSON: pure, no database, no HTTP.

mod coord;
pub mod generalise;
mod tilejson;

pub use coord::{CoordError, TileCoord, ZOOM_MAX};
pub use tilejson::{TileJson, VectorLayer};
