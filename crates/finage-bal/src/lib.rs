//! Reader of the Base Adresse Locale (BAL) CSV, the exchange format of the AITF, versions 1.1 to 1.5.
//!
//! Tolerant where a file can be understood (encoding, delimiter, spelling of headers, decimal commas),
//! and it says so; a row that can't be understood is set aside with its line and reason; a file that is
//! no BAL is refused in one sentence. Rows that are several positions of one address become one
//! [`Adresse`], the preferred position first.
//!
//! ```
//! use finage_bal::{Limits, read};
//!
//! let csv = "cle_interop;commune_insee;voie_nom;numero;suffixe;position;long;lat\n\
//!            13004_0100_00012_bis;13004;Rue du Four;12;bis;entrée;4.63;43.67\n";
//! let bal = read("adresses.csv", csv.as_bytes(), &Limits::default())?;
//! assert_eq!(bal.adresses[0].voie_nom, "Rue du Four");
//! assert_eq!(bal.adresses[0].numero, Some(12));
//! assert!(bal.anomalies.is_empty());
//! # Ok::<(), finage_bal::FileError>(())
//! ```

mod adresse;
mod anomalie;
mod encoding;
mod error;
mod field;
mod header;
mod limits;
mod position;
mod reader;
mod records;
mod row;

pub use adresse::{Adresse, CommuneDeleguee, IdsBan, Position};
pub use anomalie::{Anomalie, Gravite, Motif};
pub use encoding::Encoding;
pub use error::FileError;
pub use header::Colonne;
pub use limits::Limits;
pub use position::TypePosition;
pub use reader::{Bal, read, read_file};
