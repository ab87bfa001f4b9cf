//! Cadastral plans to scale: a tagged PDF (PDF/UA-1) and an SVG drawn from the same vectors.
//!
//! The crate is pure: shapes in metres of a conformal zone come in, bytes go out. It knows no database, no clock,
//! no environment. One metre on the zone's plane is exactly `1000 / scale` millimetres on paper.
//!
//! ```
//! use finage_print::{Cartouche, Demande, Document, DocumentInfo, Extrait, Parcelle, Plan, Sujet, Zone, proposer};
//! use geo_types::{MultiPolygon, Rect, coord};
//!
//! let square = Rect::new(coord! { x: 1_842_000.0, y: 3_154_000.0 }, coord! { x: 1_842_030.0, y: 3_154_020.0 });
//! let extrait = Extrait {
//!     zone: Zone { srid: 3944, label: "RGF93 CC44".to_owned() },
//!     sujets: vec![Sujet { idu: "99101000AB0145".to_owned(), reference: "AB 145".to_owned(), ..Sujet::default() }],
//!     plan: Plan {
//!         parcelles: vec![Parcelle {
//!             idu: "99101000AB0145".to_owned(),
//!             numero: "145".to_owned(),
//!             geom: MultiPolygon::new(vec![square.to_polygon()]),
//!             label: None,
//!         }],
//!         ..Plan::default()
//!     },
//!     cartouche: Cartouche { commune: "Valbrume-sur-Ourche".to_owned(), ..Cartouche::default() },
//!     ..Extrait::default()
//! };
//! let mise = proposer(square, Demande::default())?;
//! let mut document = Document::new(DocumentInfo::default())?;
//! document.ajoute(&extrait, mise)?;
//! assert!(document.finish()?.starts_with(b"%PDF-1.7"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod describe;
mod draw;
mod drawing;
mod error;
mod fonts;
mod frame;
mod french;
mod grid;
mod labels;
mod mise;
mod model;
mod names;
mod numbers;
mod pdf;
mod pole;
mod road;
mod svg;
mod symbols;
mod text;
mod theme;
mod writings;

pub use error::{MiseError, PrintError};
pub use frame::alentours;
pub use mise::{AISANCE, Demande, Echelle, Format, MARGE_MM, Mise, Orientation, POINTS_PER_MM, Zonage, proposer};
pub use model::{
    Ancre, Batiment, Cartouche, Ecriture, Extrait, Fond, FondImage, GenreEcriture, GenreLimite, GenreTroncon, Label,
    Limite, Parcelle, Plan, Sujet, Symbole, Troncon, Zone,
};
pub use pdf::{Document, DocumentInfo};
pub use svg::svg;
