//! What can be wrong with a file or with one of its objects, each said in one French sentence.

use std::fmt;
use std::io;

use finage_reference::ReferenceError;
use thiserror::Error;

/// A file that can't be read to its end: nothing of it may be kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refused.
    #[error("Le fichier {file} ne peut pas être lu : {source}.")]
    Io {
        /// Name of the file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file ends before its JSON or its gzip stream does.
    #[error(
        "Le fichier {file} est tronqué : il s'arrête à la ligne {line} au milieu des données ; téléchargez-le de nouveau."
    )]
    Truncated {
        /// Name of the file.
        file: String,
        /// Line reached, 1-based.
        line: u64,
    },
    /// The gzip stream is damaged.
    #[error(
        "Le fichier {file} est abîmé : sa compression gzip est incohérente après {bytes} octets ; téléchargez-le de nouveau."
    )]
    Damaged {
        /// Name of the file.
        file: String,
        /// Bytes of JSON that came out before.
        bytes: u64,
    },
    /// More bytes, features or nesting than [`crate::Limits`] allows.
    #[error("Le fichier {file} est refusé : {what} à la ligne {line} dépasse la limite de {limit}.")]
    TooBig {
        /// Name of the file.
        file: String,
        /// What is too big, in French.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// Line reached, 1-based.
        line: u64,
    },
    /// Not JSON.
    #[error("Le fichier {file} n'est pas un JSON valide : ligne {line}, octet {offset}, {expected} était attendu.")]
    Syntax {
        /// Name of the file.
        file: String,
        /// Line, 1-based.
        line: u64,
        /// Byte from the start of the JSON, 0-based.
        offset: u64,
        /// What stood to be expected, in French.
        expected: &'static str,
    },
    /// JSON, but neither a FeatureCollection nor features one after the other.
    #[error(
        "Le fichier {file} n'est pas un GeoJSON du cadastre : {found}, alors qu'une collection d'objets (FeatureCollection) est attendue."
    )]
    NotGeoJson {
        /// Name of the file.
        file: String,
        /// What was found, in French.
        found: String,
    },
    /// A coordinate reference system other than longitude and latitude.
    #[error(
        "Le fichier {file} est refusé (ligne {line}) : {cause} ; convertissez-le en longitude et latitude (WGS 84) avant de l'importer."
    )]
    Crs {
        /// Name of the file.
        file: String,
        /// Line, 1-based.
        line: u64,
        /// Object and cause, in French.
        cause: String,
    },
}

/// One object that can't be taken as it is.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{object} : {problem}")]
pub struct FeatureError {
    /// The object as people name it: « la parcelle 13004000AB0145 », « un objet sans identifiant ».
    pub object: String,
    /// What is wrong with it.
    pub problem: Problem,
}

impl FeatureError {
    /// Whether the whole file falls with the object: its JSON is broken, or its CRS is another one.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(self.problem, Problem::Syntax { .. } | Problem::Crs { .. } | Problem::CrsMember(_))
    }
}

/// What is wrong with an object; reads as the end of a French sentence.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Broken JSON at this byte of the feature (fatal for the file).
    #[error("JSON invalide à l'octet {offset} de l'objet, {expected} était attendu")]
    Syntax {
        /// Byte from the start of the feature.
        offset: usize,
        /// What stood to be expected, in French.
        expected: &'static str,
    },
    /// Coordinates that are no longitude and latitude of a French territory (fatal for the file).
    #[error("les coordonnées ({x} ; {y}) semblent être {guess}")]
    Crs {
        /// First coordinate.
        x: f64,
        /// Second coordinate.
        y: f64,
        /// The likely system, in French.
        guess: &'static str,
    },
    /// A `crs` member that names another system (fatal for the file).
    #[error("le système de coordonnées annoncé est « {0} »")]
    CrsMember(String),
    /// Neither `properties.id` nor `id`.
    #[error("identifiant absent")]
    MissingId,
    /// The identifier is not one of this layer.
    #[error("{0}")]
    BadId(#[from] ReferenceError),
    /// A property that the layer can't do without.
    #[error("la propriété « {0} » est absente")]
    MissingProperty(&'static str),
    /// A property whose value is not of its kind.
    #[error("la propriété « {name} » vaut « {value} », ce qui n'est pas une valeur possible")]
    BadProperty {
        /// Name of the property.
        name: &'static str,
        /// Its value, cut to 40 characters.
        value: String,
    },
    /// A property that contradicts the identifier.
    #[error("la propriété « {name} » ({value}) contredit l'identifiant")]
    Incoherent {
        /// Name of the property.
        name: &'static str,
        /// Its value, cut to 40 characters.
        value: String,
    },
    /// `geometry` is absent or null.
    #[error("géométrie absente")]
    NoGeometry,
    /// Neither Polygon nor MultiPolygon.
    #[error("géométrie de type « {0} », alors qu'une surface est attendue")]
    GeometryType(String),
    /// No polygon, or a polygon without ring.
    #[error("géométrie vide")]
    EmptyGeometry,
    /// First and last positions of a ring differ.
    #[error("contour non fermé")]
    UnclosedRing,
    /// Fewer than four positions in a ring.
    #[error("contour de moins de quatre points")]
    ShortRing,
    /// A coordinate that is no finite number.
    #[error("coordonnée qui n'est pas un nombre fini")]
    NotFinite,
    /// The coordinates are not nested as their type wants.
    #[error("coordonnées mal imbriquées")]
    Nesting,
    /// An object of another type in the list of features.
    #[error("objet de type « {0} » au lieu de Feature")]
    NotAFeature(String),
    /// Neither the file's name nor the properties tell the layer.
    #[error("couche du cadastre non reconnue")]
    UnknownLayer,
}

/// An object set aside, with its place in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// Rank in the file, 1-based.
    pub rank: u64,
    /// Line where the object begins, 1-based.
    pub line: u64,
    /// Object and reason.
    pub error: FeatureError,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Objet n° {}, ligne {}, {}.", self.rank, self.line, self.error)
    }
}

/// A value as a message may repeat it: 40 characters, no control character.
pub(crate) fn quoted(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
