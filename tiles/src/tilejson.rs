//! TileJSON 3.0.0: what a client must know to ask for tiles.

use std::collections::BTreeMap;

use serde::Serialize;

/// A TileJSON 3.0.0 document for vector tiles.
#[derive(Debug, Clone, Serialize)]
pub struct TileJson {
    /// Version of TileJSON: `3.0.0`.
    pub tilejson: &'static str,
    /// Name shown by clients.
    pub name: String,
    /// Address templates with `{z}`, `{x}`, `{y}`.
    pub tiles: Vec<String>,
    /// Layers inside each tile.
    pub vector_layers: Vec<VectorLayer>,
    /// Credit for the data.
    pub attribution: String,
    /// West, south, east, north in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 4]>,
    /// Lowest zoom with features.
    pub minzoom: u8,
    /// Highest zoom served.
    pub maxzoom: u8,
    /// Row order: `xyz`.
    pub scheme: &'static str,
    /// Version of the layers' shape (semver).
    pub version: String,
}

/// One layer of the tiles.
#[derive(Debug, Clone, Serialize)]
pub struct VectorLayer {
    /// Name of the MVT layer.
    pub id: String,
    /// What it holds.
    pub description: String,
    /// Lowest zoom with features.
    pub minzoom: u8,
    /// Highest zoom served.
    pub maxzoom: u8,
    /// Properties and what they mean.
    pub fields: BTreeMap<String, String>,
    /// What becomes of a tile that would be too large, in a sentence.
    pub limite: String,
    /// How shapes are made simpler at low zooms, as a sentence; none where they are always as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simplification: Option<String>,
}
