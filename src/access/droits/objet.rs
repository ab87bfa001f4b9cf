//! Kinds of objects that rights name: their table and their fields.

/// A kind of object that rights, API, tiles, exports and search name alike. The module engine adds its own at start.
#[derive(Debug, PartialEq, Eq)]
pub struct Objet {
    /// Name, as `acces.droit.objet` and `core.objet.nom` write it.
    pub nom: &'static str,
    /// Name shown.
    pub libelle: &'static str,
    /// Fields, in the order shown.
    pub champs: &'static [Champ],
}

/// A field of an object: a column of its table, of the same name.
#[derive(Debug, PartialEq, Eq)]
pub struct Champ {
    /// Name, and column.
    pub nom: &'static str,
    /// Name shown.
    pub libelle: &'static str,
    /// What it holds.
    pub genre: Genre,
    /// Level of nominative data: 0 none, 1 name and address, 2 birth and descriptions, 3 fiscal.
    pub niveau: u8,
    /// Whether people write it.
    pub modifiable: bool,
    /// Expression that reads it from a row of the table, alias `o`; empty: the column of its name. Written by the program.
    pub lecture: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// Text.
    Texte,
    /// Whole number.
    Entier,
    /// Decimal number, exact.
    Decimal,
    /// Yes or no.
    Booleen,
    /// Civil date.
    Date,
    /// Instant.
    Instant,
    /// UUID.
    Identifiant,
    /// UUIDs.
    Identifiants,
}

impl Champ {
    /// The expression that reads it, on a row whose alias is `o`.
    #[must_use]
    pub fn expression(&self) -> &'static str {
        if self.lecture.is_empty() { self.nom } else { self.lecture }
    }
}

impl Objet {
    /// Whether it has records, whose rows rights may filter.
    #[must_use]
    pub fn a_des_fiches(&self) -> bool {
        !self.champs.is_empty()
    }

    /// The field of that name.
    #[must_use]
    pub fn champ(&self, nom: &str) -> Option<&Champ> {
        self.champs.iter().find(|champ| champ.nom == nom)
    }
}
