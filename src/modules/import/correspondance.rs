//! What each column of a file fills.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What each column of a file fills, and by what its rows are known again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Correspondance {
    /// Sheet, layer or table; the first unless told.
    pub feuille: Option<String>,
    /// By column: what it fills. Columns that are not there are left out.
    pub colonnes: BTreeMap<String, Cible>,
    /// Fields by which a row is known again; those of the object unless told.
    pub cles: Vec<String>,
    /// Where rows are; the geometries of the file, if it has some, unless told.
    pub geometrie: Option<Emplacement>,
}

/// What a column fills: a field, or a field and how its values are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Cible {
    /// A field.
    Champ(String),
    /// A field whose values are written otherwise.
    Convertie(Conversion),
}

/// A field whose values are written otherwise in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// The field.
    pub champ: String,
    /// What each value becomes.
    #[serde(default)]
    pub valeurs: BTreeMap<String, String>,
    /// Column of the nomenclature in which codes are found.
    #[serde(default)]
    pub croisement: Option<String>,
}

/// Where rows are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Emplacement {
    /// Column of eastings or longitudes.
    pub x: Option<String>,
    /// Column of northings or latitudes.
    pub y: Option<String>,
    /// Column of identifiers of parcels: a row is put in the middle of its own.
    pub parcelle: Option<String>,
    /// EPSG code of coordinates, where the file does not tell.
    pub srid: Option<u32>,
}

impl Cible {
    /// The field, and how its values are read.
    pub(super) fn conversion(&self) -> Conversion {
        match self {
            Self::Champ(champ) => Conversion { champ: champ.clone(), ..Conversion::default() },
            Self::Convertie(conversion) => conversion.clone(),
        }
    }
}
