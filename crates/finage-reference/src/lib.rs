//! Identifiers of the French cadastre: commune, section, parcel, and what people type for them.
//!
//! Every type here is parsed once, at the edge, and can't be held wrong afterwards: small `Copy`
//! arrays of ASCII bytes, ordered like their text. Nothing in this crate knows a database or a clock.
//!
//! ```
//! use finage_reference::{Idu, query};
//!
//! let idu: Idu = "13004000AB0145".parse()?;
//! assert_eq!(idu.to_string(), "13004000AB0145");
//! assert_eq!(idu.reference(), "AB 145");
//!
//! let best = &query::parse("ab145 Valbrume")[0];
//! assert_eq!(best.parcels[0].section.to_string(), "AB");
//! assert_eq!(best.commune_words, ["valbrume"]);
//! # Ok::<(), finage_reference::ReferenceError>(())
//! ```

mod address;
mod code;
mod composed;
mod error;
mod insee;
mod majic;
mod parts;
pub mod query;
mod text;

pub use address::{AddressQuery, expand_query_words, expand_word, split_address};
pub use composed::{FeuilleId, Idu, SectionId};
pub use error::ReferenceError;
pub use insee::Insee;
pub use majic::Ccodir;
pub use parts::{Numero, Prefixe, Section};
pub use text::normalise;
