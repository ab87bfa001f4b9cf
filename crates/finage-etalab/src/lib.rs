//! Streaming reader of the cadastre's Etalab GeoJSON files (`cadastre-<insee>-<layer>.json[.gz]`).
//!
//! Two stages, so that a caller may parse on several threads: the [`Reader`] cuts the file into raw
//! features with bounded memory ([`Reader::next_raw`], [`Reader::next_batch`]); [`parse_feature`] turns
//! one of them into a typed [`Feature`]. [`Reader::features`] does both in a row.
//!
//! Coordinates are longitude and latitude in degrees; a file in another CRS is refused. What is wrong
//! with one object (no identifier, open ring) is an object-level [`FeatureError`]: the object is set
//! aside and the reading goes on. Broken JSON or a wrong CRS ([`FeatureError::is_fatal`]) stops the file.
//!
//! ```
//! use finage_etalab::{Item, Limits, Reader, Record};
//!
//! let json = br#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"13004000AB0145",
//!   "geometry":{"type":"Polygon","coordinates":[[[4.6,43.6],[4.7,43.6],[4.7,43.7],[4.6,43.6]]]},
//!   "properties":{"id":"13004000AB0145","contenance":354,"arpente":false}}]}"#;
//! let mut reader = Reader::new("cadastre-13004-parcelles.json", &json[..], Limits::default())?;
//! for item in reader.features() {
//!     match item? {
//!         Item::Feature(feature) => {
//!             let Record::Parcelle(parcelle) = feature.record else { continue };
//!             assert_eq!(parcelle.idu.reference(), "AB 145");
//!         }
//!         Item::Rejected(rejected) => eprintln!("{rejected}"),
//!     }
//! }
//! # Ok::<(), finage_etalab::FileError>(())
//! ```

mod batch;
mod buffer;
mod crs;
mod error;
mod feature;
mod geometry;
mod input;
mod json;
mod layer;
mod limits;
mod number;
mod properties;
mod reader;
mod record;
mod scan;

pub use batch::RawBatch;
pub use error::{FeatureError, FileError, Problem, Rejected};
pub use feature::parse_feature;
pub use layer::Layer;
pub use limits::Limits;
pub use reader::{Features, Item, RawFeature, Reader};
pub use record::{
    Batiment, Commune, Feature, Feuille, LieuDit, Parcelle, PrefixeSection, Record, Section, SubdivisionFiscale,
    TypeBatiment,
};
