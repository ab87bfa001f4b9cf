//! Writers of a table with geometries: CSV, XLSX and ODS for spreadsheets, GeoJSON (RFC 7946), OGC GeoPackage 1.3.
//!
//! A [`Table`] says what the columns are and in which system the geometries; the writers take [`Ligne`]s one after the
//! other. Nothing here knows what the rows are about, a database or a clock.
//!
//! ```
//! use finage_export::{Colonne, Crs, Genre, Ligne, Table, Valeur, csv};
//!
//! let colonnes = vec![Colonne::new("nom", Genre::Texte), Colonne::new("surface_m2", Genre::Reel)];
//! let table = Table::new("jardins", "Jardins", colonnes, Crs::wgs84())?;
//! let ligne = Ligne { valeurs: vec![Valeur::Texte("=1+1".into()), Valeur::Reel(12.5)], geometrie: None };
//! let mut out = Vec::new();
//! csv::ecrire(&mut out, &table, [ligne], csv::Options { bom: false, ..csv::Options::default() })?;
//! assert_eq!(String::from_utf8_lossy(&out), "nom;surface_m2\r\n'=1+1;12,5\r\n");
//! # Ok::<(), finage_export::ExportError>(())
//! ```

pub mod csv;
mod decimal;
mod error;
pub mod geojson;
pub mod gpkg;
pub mod ods;
mod table;
mod tableur;
mod wkt;
pub mod xlsx;

pub use decimal::Decimal;
pub use error::ExportError;
pub use table::{Colonne, Crs, Genre, Ligne, Table, Valeur};
