//! Vector tiles: addressing, TileJSON, and an engine that encodes them from snapshots of layers. Pure: no database, no HTTP.

mod bounds;
mod change;
mod clip;
mod coord;
mod encode;
mod geometry;
mod grid;
mod layer;
mod overlay;
mod predicate;
mod rowset;
mod snapshot;
mod tile;
mod tilejson;
mod valid;
mod wkb;

pub use bounds::Bounds;
pub use change::Change;
pub use clip::{Reach, cut, polygon_meets};
pub use coord::{CoordError, TileCoord, ZOOM_MAX};
pub use encode::{LayerEncoder, Value, ValueTable};
pub use geometry::{Geometry, Kind, double_area};
pub use grid::{BUFFER, EXTENT, GRID_ZOOM, GridError, Pos, TileGrid, WORLD_SIDE, to_zoom};
pub use layer::{Applied, Layer};
pub use overlay::Overlayer;
pub use predicate::{Condition, Predicate};
pub use snapshot::{
    Batch, Cell, Check, Column, ColumnType, ColumnView, LevelView, MAX_COLUMNS, Role, SNAPSHOT_VERSION, Schema,
    Snapshot, SnapshotError, SnapshotWriter,
};
pub use tile::{TileRequest, TileScratch, TileStats};
pub use tilejson::{TileJson, VectorLayer};
pub use valid::{PAIRS_PER_EDGE, Validator, Verdict};
pub use wkb::{MAX_BYTES as WKB_MAX_BYTES, WkbError, read_wkb};
