//! The engine as who uses it sees it: files, tiles, changes.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::cast_precision_loss, reason = "units of tiles and of the world fit in a mantissa")]

mod layer_in_step;
mod mvt;
mod parcels;
mod snapshot_file;
mod tile_truth;
