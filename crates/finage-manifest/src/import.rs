//! Mappings of files that the module knows: `imports/*.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::place::Places;

/// Files that imports read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportFormat {
    /// Text in columns.
    Csv,
    /// Spreadsheet of Excel.
    Xlsx,
    /// Spreadsheet of LibreOffice.
    Ods,
    /// OGC GeoPackage.
    Gpkg,
    /// Shapefile in a ZIP.
    Shp,
    /// GeoJSON.
    Geojson,
    /// Drawing exchange format.
    Dxf,
    /// Plain dump of PostgreSQL.
    Dump,
}

/// `imports/*.toml`: how a file of another software becomes rows.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportFile {
    /// Name shown: the software or the file it comes from.
    pub label: String,
    /// Object of this module whose rows it makes.
    pub object: String,
    /// Format of the file; any unless told.
    #[serde(default)]
    pub format: Option<ImportFormat>,
    /// Sheet, layer or table; the first unless told.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Fields by which a row is known again; the object's own key unless told.
    #[serde(default)]
    pub key: Vec<String>,
    /// Where rows are; the file's own geometries unless told.
    #[serde(default)]
    pub geometry: Option<ImportGeometry>,
    /// What each column of the file fills.
    #[serde(default)]
    pub columns: BTreeMap<String, ImportColumn>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportColumn {
    /// Field that it fills.
    pub field: String,
    /// Values that are written otherwise in the file, and what each becomes.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Column of the nomenclature's file in which its codes are found.
    #[serde(default)]
    pub crosswalk: Option<String>,
}

/// Where the rows of a file are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportGeometry {
    /// Column of eastings or longitudes.
    #[serde(default)]
    pub x: Option<String>,
    /// Column of northings or latitudes.
    #[serde(default)]
    pub y: Option<String>,
    /// Column of identifiers of parcels: a row is put in the middle of its own.
    #[serde(default)]
    pub parcel: Option<String>,
    /// EPSG code of the coordinates, where the file does not tell.
    #[serde(default)]
    pub srid: Option<u32>,
}

/// A mapping, read.
#[derive(Debug)]
pub struct Import {
    /// Its name: that of its file.
    pub name: String,
    /// Its file.
    pub path: String,
    /// What it says.
    pub file: ImportFile,
    pub(crate) places: Places,
}
