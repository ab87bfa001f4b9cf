//! A rule as data: what it requires, where it is written, since when, and whether that was read.

use time::Date;

use crate::delai::Delai;

/// The figure of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Valeur {
    /// None.
    Aucune,
    /// A delay of the calendar.
    Delai(Delai),
    /// Days among which Sundays and public holidays do not count.
    JoursNonFeries(u16),
    /// Hours.
    Heures(u16),
    /// Metres.
    Metres(u16),
    /// Square metres.
    MetresCarres(u16),
    /// How many times.
    Facteur(u16),
    /// Between two lengths, both included, in centimetres.
    Centimetres(u16, u16),
    /// From so many inhabitants.
    Habitants(u32),
    /// Between two whole amounts, in euros.
    Euros(u16, u16),
}

/// Whether the text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// Read, reproduced or quoted there.
    Lue(&'static str),
    /// From memory, or from practice: `docs/a-verifier.md` says what would settle it.
    AVerifier,
}

/// One version of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regle {
    /// What the rule is called everywhere, the same for all its versions.
    pub code: &'static str,
    /// Article of the code général des collectivités territoriales unless said otherwise, or judgment.
    pub article: &'static str,
    /// What it requires, in a plain French sentence.
    pub exige: &'static str,
    /// From 1 up.
    pub version: u8,
    /// First day in force; none when older texts already said the same.
    pub depuis: Option<Date>,
    /// Last day in force; none when it still is.
    pub jusque: Option<Date>,
    /// Its figure.
    pub valeur: Valeur,
    /// Whether someone who has the right may pass on with a written reason, unless the facts say otherwise.
    pub passable: bool,
    /// Whether its text was read.
    pub verification: Verification,
}

impl Regle {
    /// A first version, without figure, not to be passed, not read.
    pub(crate) const fn new(code: &'static str, article: &'static str, exige: &'static str) -> Self {
        Self {
            code,
            article,
            exige,
            version: 1,
            depuis: None,
            jusque: None,
            valeur: Valeur::Aucune,
            passable: false,
            verification: Verification::AVerifier,
        }
    }

    pub(crate) const fn version(mut self, version: u8, depuis: Date) -> Self {
        self.version = version;
        self.depuis = Some(depuis);
        self
    }

    pub(crate) const fn depuis(mut self, depuis: Date) -> Self {
        self.depuis = Some(depuis);
        self
    }

    pub(crate) const fn jusque(mut self, jusque: Date) -> Self {
        self.jusque = Some(jusque);
        self
    }

    pub(crate) const fn delai(self, delai: Delai) -> Self {
        self.valeur(Valeur::Delai(delai))
    }

    pub(crate) const fn valeur(mut self, valeur: Valeur) -> Self {
        self.valeur = valeur;
        self
    }

    pub(crate) const fn passable(mut self) -> Self {
        self.passable = true;
        self
    }

    pub(crate) const fn lue(mut self, ou: &'static str) -> Self {
        self.verification = Verification::Lue(ou);
        self
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn en_vigueur(&self, le: Date) -> bool {
        self.depuis.is_none_or(|depuis| depuis <= le) && self.jusque.is_none_or(|jusque| le <= jusque)
    }

    /// Its delay; none ([`Delai::NUL`]) for a rule that has no delay of the calendar.
    #[must_use]
    pub fn son_delai(&self) -> Delai {
        match self.valeur {
            Valeur::Delai(delai) => delai,
            _ => Delai::NUL,
        }
    }

    /// Its whole figure other than a delay; zero for a rule that has none.
    pub(crate) fn nombre(&self) -> u16 {
        match self.valeur {
            Valeur::JoursNonFeries(nombre)
            | Valeur::Heures(nombre)
            | Valeur::Metres(nombre)
            | Valeur::MetresCarres(nombre)
            | Valeur::Facteur(nombre) => nombre,
            Valeur::Aucune | Valeur::Delai(_) | Valeur::Centimetres(..) | Valeur::Habitants(_) | Valeur::Euros(..) => 0,
        }
    }
}

/// A rule through its versions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Texte {
    /// The last version.
    pub actuelle: Regle,
    /// Those before, oldest first.
    pub anciennes: &'static [Regle],
}

impl Texte {
    pub(crate) const fn seul(regle: Regle) -> Self {
        Self { actuelle: regle, anciennes: &[] }
    }

    /// The version in force on a day; the oldest before it, since a code takes over what older texts said.
    #[must_use]
    pub fn au(&'static self, le: Date) -> &'static Regle {
        let versions = || self.anciennes.iter().chain([&self.actuelle]);
        versions().find(|regle| regle.en_vigueur(le)).or_else(|| versions().next()).unwrap_or(&self.actuelle)
    }

    /// All versions, oldest first.
    pub fn versions(&'static self) -> impl Iterator<Item = &'static Regle> {
        self.anciennes.iter().chain([&self.actuelle])
    }
}
