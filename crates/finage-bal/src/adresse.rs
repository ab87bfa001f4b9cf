//! An address of the BAL: a numbered one, or a place without number.

use std::collections::BTreeMap;

use finage_reference::{Idu, Insee};
use geo_types::Coord;
use jiff::civil::Date;
use uuid::Uuid;

use crate::TypePosition;

/// One address with all its positions.
#[derive(Debug, Clone, PartialEq)]
pub struct Adresse {
    /// Line of its first row in the file, 1-based.
    pub line: u64,
    /// Interoperability key in lower case: `13004_0100_00012_bis`.
    pub cle_interop: Option<String>,
    /// Identifiers in the Base Adresse Nationale.
    pub ids_ban: IdsBan,
    /// The commune.
    pub insee: Insee,
    /// Its name as the file gives it.
    pub commune_nom: Option<String>,
    /// The commune déléguée or former commune.
    pub commune_deleguee: Option<CommuneDeleguee>,
    /// Name of the street or of the place (`voie_nom`; `toponyme` since 1.5).
    pub voie_nom: String,
    /// The name in regional languages, by ISO 639-3 code (`bre`, `eus`...).
    pub voie_nom_langues: BTreeMap<String, String>,
    /// Additional named place.
    pub lieudit_complement_nom: Option<String>,
    /// The additional name in regional languages.
    pub lieudit_complement_nom_langues: BTreeMap<String, String>,
    /// House number, 0 to 9999; `None` for a place or street without number (99999 in the file).
    pub numero: Option<u32>,
    /// Repetition index in lower case: `bis`, `a`.
    pub suffixe: Option<String>,
    /// Where it is, the preferred position first; empty only for a place without number.
    pub positions: Vec<Position>,
    /// Parcels the address serves.
    pub cad_parcelles: Vec<Idu>,
    /// Who made it.
    pub source: Option<String>,
    /// Date of the last change.
    pub date_der_maj: Option<Date>,
    /// Whether the commune certifies it.
    pub certification_commune: bool,
}

impl Adresse {
    /// Whether this is a street or a place, without number.
    #[must_use]
    pub fn is_toponyme(&self) -> bool {
        self.numero.is_none()
    }
}

/// Identifiers in the Base Adresse Nationale (1.4 columns, or `uid_adresse` before).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IdsBan {
    /// The commune's.
    pub commune: Option<Uuid>,
    /// The street's or place's.
    pub toponyme: Option<Uuid>,
    /// The address's own.
    pub adresse: Option<Uuid>,
}

/// A part of the commune that was one by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommuneDeleguee {
    /// Its code.
    pub insee: Insee,
    /// Its name.
    pub nom: Option<String>,
}

/// One point of an address; at least one of the two pairs is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Line of its row in the file, 1-based.
    pub line: u64,
    /// What the point marks, when told.
    pub kind: Option<TypePosition>,
    /// Longitude and latitude in degrees (`long`, `lat`).
    pub lon_lat: Option<Coord<f64>>,
    /// Metres in the legal projection of the territory (`x`, `y`).
    pub xy: Option<Coord<f64>>,
}
