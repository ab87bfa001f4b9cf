//! The engine as who uses it sees it: files, tiles, changes.

mod layer_in_step;
mod mvt;
mod parcels;
mod snapshot_file;
mod tile_truth;
