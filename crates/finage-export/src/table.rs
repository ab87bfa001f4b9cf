//! What is written: a table, its columns, its system; rows of values with a geometry.

use geo_types::Geometry;
use time::{Date, OffsetDateTime};

use crate::{Decimal, ExportError};

/// Longest name of a table or column.
const MAX_NOM: usize = 63;

/// A table to write.
#[derive(Debug, Clone)]
pub struct Table {
    pub(crate) nom: String,
    pub(crate) titre: String,
    pub(crate) colonnes: Vec<Colonne>,
    pub(crate) crs: Crs,
    pub(crate) points: bool,
}

impl Table {
    /// A table: its name (also that of the layer), the title people read, its columns, the system of its geometries.
    ///
    /// # Errors
    /// A name that is no plain identifier, or is there twice.
    pub fn new(nom: &str, titre: &str, colonnes: Vec<Colonne>, crs: Crs) -> Result<Self, ExportError> {
        for (rang, colonne) in colonnes.iter().enumerate() {
            if !est_un_nom(&colonne.nom) || matches!(colonne.nom.as_str(), "fid" | "geom") {
                return Err(ExportError::Nom(colonne.nom.clone()));
            }
            if colonnes.iter().take(rang).any(|avant| avant.nom == colonne.nom) {
                return Err(ExportError::Double(colonne.nom.clone()));
            }
        }
        // gpkg_ and sqlite_ belong to the format.
        if !est_un_nom(nom) || ["gpkg_", "rtree_", "sqlite_"].iter().any(|debut| nom.starts_with(debut)) {
            return Err(ExportError::Nom(nom.to_owned()));
        }
        Ok(Self { nom: nom.to_owned(), titre: titre.to_owned(), colonnes, crs, points: false })
    }

    /// The same table, whose geometries are single points: a GeoPackage keeps them so.
    #[must_use]
    pub fn de_points(self) -> Self {
        Self { points: true, ..self }
    }

    /// Checks that a row has as many values as there are columns; `rang` from 1.
    pub(crate) fn verifie(&self, rang: usize, ligne: &Ligne) -> Result<(), ExportError> {
        if ligne.valeurs.len() == self.colonnes.len() {
            return Ok(());
        }
        Err(ExportError::Ligne { rang, donnees: ligne.valeurs.len(), attendues: self.colonnes.len() })
    }
}

fn est_un_nom(nom: &str) -> bool {
    nom.len() <= MAX_NOM
        && nom.starts_with(|c: char| c.is_ascii_lowercase())
        && nom.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'_')
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colonne {
    pub(crate) nom: String,
    pub(crate) genre: Genre,
}

impl Colonne {
    /// A column of this name.
    #[must_use]
    pub fn new(nom: &str, genre: Genre) -> Self {
        Self { nom: nom.to_owned(), genre }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// Text.
    Texte,
    /// Whole numbers.
    Entier,
    /// Numbers.
    Reel,
    /// Exact decimals.
    Decimal,
    /// True or false.
    Booleen,
    /// Civil dates.
    Date,
    /// Moments.
    Instant,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Valeur {
    /// Nothing.
    Vide,
    /// Text.
    Texte(String),
    /// A whole number.
    Entier(i64),
    /// A number; what is not finite is written as nothing.
    Reel(f64),
    /// An exact decimal.
    Decimal(Decimal),
    /// True or false.
    Booleen(bool),
    /// A civil date.
    Date(Date),
    /// A moment. Spreadsheets, which know no offset, show the clock of the one it has; GeoPackage has UTC alone.
    Instant(OffsetDateTime),
}

impl Valeur {
    /// The value, or nothing.
    pub fn de<T: Into<Self>>(valeur: Option<T>) -> Self {
        valeur.map_or(Self::Vide, Into::into)
    }
}

impl From<String> for Valeur {
    fn from(valeur: String) -> Self {
        Self::Texte(valeur)
    }
}

impl From<&str> for Valeur {
    fn from(valeur: &str) -> Self {
        Self::Texte(valeur.to_owned())
    }
}

impl From<i64> for Valeur {
    fn from(valeur: i64) -> Self {
        Self::Entier(valeur)
    }
}

impl From<i32> for Valeur {
    fn from(valeur: i32) -> Self {
        Self::Entier(valeur.into())
    }
}

impl From<f64> for Valeur {
    fn from(valeur: f64) -> Self {
        Self::Reel(valeur)
    }
}

impl From<bool> for Valeur {
    fn from(valeur: bool) -> Self {
        Self::Booleen(valeur)
    }
}

impl From<Date> for Valeur {
    fn from(valeur: Date) -> Self {
        Self::Date(valeur)
    }
}

impl From<Decimal> for Valeur {
    fn from(valeur: Decimal) -> Self {
        Self::Decimal(valeur)
    }
}

impl From<OffsetDateTime> for Valeur {
    fn from(valeur: OffsetDateTime) -> Self {
        Self::Instant(valeur)
    }
}

/// A row: a value for each column, and its geometry in the table's system.
#[derive(Debug, Clone, PartialEq)]
pub struct Ligne {
    /// Values, in the order of the columns.
    pub valeurs: Vec<Valeur>,
    /// Where it is.
    pub geometrie: Option<Geometry<f64>>,
}

/// A coordinate system of the EPSG register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crs {
    /// EPSG code.
    pub srid: u32,
    /// Name: « RGF93 v1 / Lambert-93 ».
    pub nom: String,
    /// Definition in well-known text (OGC 01-009).
    pub definition: String,
}

impl Crs {
    /// Longitude and latitude in degrees.
    #[must_use]
    pub fn wgs84() -> Self {
        Self {
            srid: 4326,
            nom: "WGS 84".to_owned(),
            definition: r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]"#.to_owned(),
        }
    }
}
