//! Vector tiles: addressing, TileJSON, and an engine that encodes them from snapshots of layers. Pure: no database, no HTTP.
//!
//! A layer is built once from its rows into a [`Snapshot`], a file mapped in memory; a [`Layer`] is a snapshot and what
//! changed since, and writes MVT 2.1 tiles of the rows that a [`Predicate`] opens.
//!
//! ```
//! use std::sync::Arc;
//!
//! use finage_tiles::{
//!     Cell, ColumnType, Geometry, Kind, Layer, Predicate, Schema, SnapshotWriter, TileCoord, TileRequest, TileScratch,
//! };
//!
//! // A square of 100 m in metres of EPSG:3857; rows may be pushed as the EWKB of a binary COPY too.
//! let (x, y) = (515_000.0, 5_413_000.0);
//! let square = Geometry::of_polygons([[[(x, y), (x + 100.0, y), (x + 100.0, y + 100.0), (x, y + 100.0)]]])?;
//!
//! let schema = Schema::new("parcelles", Kind::Polygon).publishes("idu", ColumnType::Text).right("audience");
//! let writer = SnapshotWriter::new(schema)?;
//! let mut batch = writer.batch(0)?;
//! batch.push(1, &square, &[Cell::Text("13004000AB0001"), Cell::Text("public")])?;
//! writer.add(batch)?;
//! let layer = Layer::new(Arc::new(writer.finish_in_memory()?));
//!
//! let coord = TileCoord::containing(4.6268, 43.6605, 14);
//! let predicate = Predicate::everything();
//! let request = TileRequest::new(coord, &["idu"], &predicate).at_most(500_000);
//! let mut tile = Vec::new();
//! let stats = layer.tile(&request, &mut <TileScratch>::default(), &mut tile)?;
//! assert_eq!(stats.features, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bounds;
mod change;
mod clip;
mod compare;
mod coord;
mod cover;
mod encode;
pub mod generalise;
mod geometry;
mod grid;
mod layer;
mod overlay;
mod predicate;
mod project;
mod rowset;
mod snapshot;
mod thinning;
mod tile;
mod tilejson;
mod valid;
mod wkb;

pub use bounds::Bounds;
pub use change::Change;
pub use clip::{Reach, cut, polygon_meets};
pub use compare::{Comparison, Difference, Extra};
pub use coord::{CoordError, TileCoord, ZOOM_MAX};
pub use cover::{Cover, Within};
pub use encode::{Format, Mvt, Value, ValueTable, only_fields, thinned};
pub use geometry::{Geometry, Kind, double_area};
pub use grid::{BUFFER, EXTENT, GRID_ZOOM, GridError, Pos, TileGrid, WORLD_SIDE, to_zoom};
pub use layer::{Applied, Layer};
pub use overlay::Overlayer;
pub use predicate::{Condition, Predicate};
pub use project::{MercatorMetres, Project};
pub use snapshot::{
    Batch, Cell, Check, Column, ColumnType, ColumnView, Group, LevelView, MAX_COLUMNS, NO_KEY, Role, SNAPSHOT_VERSION,
    Schema, Simplification, Snapshot, SnapshotError, SnapshotWriter, StoredRing, key_of,
};
pub use thinning::Thinning;
pub use tile::{TileRequest, TileScratch, TileStats};
pub use tilejson::{TileJson, VectorLayer};
pub use valid::{PAIRS_PER_EDGE, Validator, Verdict};
pub use wkb::{MAX_BYTES as WKB_MAX_BYTES, WkbError, read_wkb, read_wkb_by};
