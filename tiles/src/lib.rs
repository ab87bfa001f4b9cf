//! Vector tiles: addressing, TileJSON, and an engine that encodes them from snapshots of layers. Pure: no database, no HTTP.

mod coord;
mod geometry;
mod grid;
mod tilejson;
mod wkb;

pub use coord::{CoordError, TileCoord, ZOOM_MAX};
pub use geometry::{Geometry, Kind, double_area};
pub use grid::{BUFFER, Bounds, EXTENT, GRID_ZOOM, GridError, Pos, TileGrid, WORLD_SIDE, to_zoom};
pub use tilejson::{TileJson, VectorLayer};
pub use wkb::{MAX_BYTES as WKB_MAX_BYTES, WkbError, read_wkb};
