//! From a cell to the value of a column, the way French people write: pure, exact, and refusing what is ambiguous.

mod booleen;
mod date;
mod nombre;

use time::{Date, OffsetDateTime, PrimitiveDateTime};

use crate::Cellule;

pub(crate) use date::{du_rang, iso};
pub(crate) use nombre::{canonique, tableur};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// Text.
    Texte,
    /// Whole numbers.
    Entier,
    /// Exact decimals.
    Decimal,
    /// Civil dates.
    Date,
    /// Dates with an hour.
    Instant,
    /// True or false.
    Booleen,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Valeur {
    /// Nothing.
    Vide,
    /// Text, without blanks around it.
    Texte(String),
    /// A whole number.
    Entier(i64),
    /// A decimal: sign, digits, a point; what was written after the point is kept.
    Decimal(String),
    /// A civil date.
    Date(Date),
    /// A date with an hour.
    Instant(Instant),
    /// True or false.
    Booleen(bool),
}

/// A date with an hour; most files don't say where on earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Instant {
    /// What clocks showed: whose, the reader of the file must know.
    Local(PrimitiveDateTime),
    /// One moment everywhere.
    Absolu(OffsetDateTime),
}

/// The value of a cell in a column of this kind.
///
/// # Errors
/// A French sentence on what the cell holds and how to write it.
pub fn convertir(cellule: &Cellule, genre: Genre) -> Result<Valeur, String> {
    if let Cellule::Texte(texte) = cellule
        && texte.trim().is_empty()
    {
        return Ok(Valeur::Vide);
    }
    if *cellule == Cellule::Vide {
        return Ok(Valeur::Vide);
    }
    match genre {
        Genre::Texte => Ok(Valeur::Texte(ecrit(cellule))),
        Genre::Entier => nombre::entier(cellule).map(Valeur::Entier),
        Genre::Decimal => nombre::decimal(cellule).map(Valeur::Decimal),
        Genre::Date => date::date(cellule).map(Valeur::Date),
        Genre::Instant => date::instant(cellule).map(Valeur::Instant),
        Genre::Booleen => booleen::booleen(cellule).map(Valeur::Booleen),
    }
}

/// A cell as people read it.
pub(crate) fn ecrit(cellule: &Cellule) -> String {
    match cellule {
        Cellule::Vide => String::new(),
        Cellule::Texte(texte) => texte.trim().to_owned(),
        Cellule::Nombre(texte) => canonique(texte).unwrap_or_else(|| texte.clone()),
        Cellule::Date(date) => date.to_string(),
        Cellule::Instant(Instant::Local(local)) => format!("{} {}", local.date(), date::heure(local.time())),
        Cellule::Instant(Instant::Absolu(absolu)) => {
            absolu.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
        }
        Cellule::Booleen(vrai) => if *vrai { "oui" } else { "non" }.to_owned(),
    }
}

/// What a cell holds, cut for a sentence.
fn cite(cellule: &Cellule) -> String {
    let texte = ecrit(cellule);
    let court: String = texte.chars().take(60).collect();
    if court.len() < texte.len() { format!("« {court}… »") } else { format!("« {court} »") }
}
