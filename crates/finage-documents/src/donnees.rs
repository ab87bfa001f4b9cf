//! What a template is given: a tree of typed values, and the identity of the document.

use std::collections::BTreeMap;

use time::{Date, PrimitiveDateTime};

/// Fields of a record by their names.
pub type Champs = BTreeMap<String, Donnee>;

/// A value given to a template. Whatever a text holds, it is shown as text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Donnee {
    /// Nothing: `none` in the template, shown as nothing.
    Vide,
    /// `true` or `false`.
    Booleen(bool),
    /// An integer.
    Entier(i64),
    /// An exact decimal as text, « 1234.50 »: at most 28 significant digits.
    Decimal(String),
    /// A day of the civil calendar.
    Date(Date),
    /// A day and a time, already in the local time of the reader.
    Instant(PrimitiveDateTime),
    /// A text: its characters that the fonts lack are replaced.
    Texte(String),
    /// The bytes of a PNG or JPEG picture, for `image(...)`.
    Image(Vec<u8>),
    /// Values one after the other.
    Liste(Vec<Donnee>),
    /// Values by their names.
    Groupe(Champs),
}

/// Who signs what, and when: it goes into the metadata of the PDF, and the date is the day of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Entete {
    /// Title, read by who opens the document; never empty.
    pub titre: String,
    /// Author, the collectivité for instance.
    pub auteur: String,
    /// Day of the document: the only « today » that a template knows.
    pub date: Date,
}

impl Entete {
    /// The identity of a document.
    pub fn new(titre: impl Into<String>, auteur: impl Into<String>, date: Date) -> Self {
        Self { titre: titre.into(), auteur: auteur.into(), date }
    }
}

/// All that one document is made of beside its template.
#[derive(Debug, Clone, PartialEq)]
pub struct Donnees {
    /// Identity of the document.
    pub entete: Entete,
    /// What the template reads as `donnees`.
    pub champs: Champs,
}

impl Donnees {
    /// A document to make.
    #[must_use]
    pub fn new(entete: Entete, champs: Champs) -> Self {
        Self { entete, champs }
    }
}

impl From<&str> for Donnee {
    fn from(texte: &str) -> Self {
        Self::Texte(texte.to_owned())
    }
}

impl From<String> for Donnee {
    fn from(texte: String) -> Self {
        Self::Texte(texte)
    }
}

impl From<bool> for Donnee {
    fn from(vrai: bool) -> Self {
        Self::Booleen(vrai)
    }
}

impl From<i64> for Donnee {
    fn from(entier: i64) -> Self {
        Self::Entier(entier)
    }
}

impl From<Date> for Donnee {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<PrimitiveDateTime> for Donnee {
    fn from(instant: PrimitiveDateTime) -> Self {
        Self::Instant(instant)
    }
}

impl From<Champs> for Donnee {
    fn from(champs: Champs) -> Self {
        Self::Groupe(champs)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Donnee {
    fn from(liste: Vec<T>) -> Self {
        Self::Liste(liste.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Self>> From<Option<T>> for Donnee {
    fn from(valeur: Option<T>) -> Self {
        valeur.map_or(Self::Vide, Into::into)
    }
}

/// JSON has neither dates nor exact decimals: texts stay texts, and a number that is no integer keeps its digits.
impl From<serde_json::Value> for Donnee {
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value;
        match json {
            Value::Null => Self::Vide,
            Value::Bool(vrai) => Self::Booleen(vrai),
            Value::Number(nombre) => nombre.as_i64().map_or_else(|| Self::Decimal(nombre.to_string()), Self::Entier),
            Value::String(texte) => Self::Texte(texte),
            Value::Array(liste) => Self::Liste(liste.into_iter().map(Self::from).collect()),
            Value::Object(champs) => {
                Self::Groupe(champs.into_iter().map(|(nom, valeur)| (nom, Self::from(valeur))).collect())
            }
        }
    }
}
