//! What a plan is drawn with: shapes laid out along a line, with their numbers, and walks along lines.
//!
//! Coordinates are metres in a projected system, x to the east and y to the north. Everything is bounded: what exceeds a bound
//! is refused in a sentence.
//!
//! ```
//! use finage_plan::{Cote, Numerotation, Point, Serie};
//!
//! // Two rows of four plots, 1.40 m by 2.40 m, 0.30 m apart, on the left of a line of eight metres.
//! let serie = Serie {
//!     rangees: 2,
//!     colonnes: None,
//!     largeur_mm: 1_400,
//!     longueur_mm: 2_400,
//!     ecart_mm: 300,
//!     entre_rangees_mm: 600,
//!     recul_mm: 500,
//!     cote: Cote::Gauche,
//!     numerotation: Numerotation::default(),
//! };
//! let places = serie.disposee(&[Point::new(0.0, 0.0), Point::new(8.0, 0.0)]).unwrap();
//! assert_eq!(places.len(), 8);
//! assert_eq!(places[7].numero, "8");
//! ```

mod boite;
mod ligne;
mod marche;
mod numero;
mod point;
mod serie;

pub use marche::{Etape, Marche, Voie, marche};
pub use numero::{Numerotation, Ordre};
pub use point::Point;
pub use serie::{Cote, MAX_PLACES, Place, Serie, SerieRefusee};
