//! What an account may do: rows of `acces.droit` that its roles hold, compiled to a predicate and a set of fields.
//!
//! A right is a value one must have: [`Droit`] is made here alone, and what reads or writes rows asks for one. The same
//! value serves API, tiles, exports, search and documents. Row-level security stands behind it and knows nothing of roles.

pub mod catalogue;
mod droit;
pub mod explication;
mod filtre;
mod objet;
mod sujet;

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

pub use droit::{Droit, Perimetre};
pub use filtre::verifie_lignes;
pub use objet::{Champ, Genre, Objet};
pub use sujet::Sujet;

/// What may be done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Read.
    Lire,
    /// Make.
    Creer,
    /// Change.
    Changer,
    /// Archive.
    Archiver,
    /// Move along a workflow.
    Transiter,
    /// Export to a file.
    Exporter,
    /// Print.
    Imprimer,
    /// See nominative data.
    Nominatif,
    /// Pass over a rule, for a reason that the journal keeps.
    PasserOutre,
}

impl Action {
    /// Every action, in the order shown.
    pub const TOUTES: [Self; 9] = [
        Self::Lire,
        Self::Creer,
        Self::Changer,
        Self::Archiver,
        Self::Transiter,
        Self::Exporter,
        Self::Imprimer,
        Self::Nominatif,
        Self::PasserOutre,
    ];

    /// The word of `acces.droit.action`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Lire => "lire",
            Self::Creer => "creer",
            Self::Changer => "changer",
            Self::Archiver => "archiver",
            Self::Transiter => "transiter",
            Self::Exporter => "exporter",
            Self::Imprimer => "imprimer",
            Self::Nominatif => "nominatif",
            Self::PasserOutre => "passer_outre",
        }
    }

    /// The action of that word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|action| action.code() == code)
    }

    /// Whether it changes rows.
    #[must_use]
    pub fn ecrit(self) -> bool {
        matches!(self, Self::Creer | Self::Changer | Self::Archiver | Self::Transiter | Self::PasserOutre)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lire => "lire",
            Self::Creer => "créer",
            Self::Changer => "changer",
            Self::Archiver => "archiver",
            Self::Transiter => "faire avancer",
            Self::Exporter => "exporter",
            Self::Imprimer => "imprimer",
            Self::Nominatif => "voir les données nominatives",
            Self::PasserOutre => "passer outre à une règle",
        })
    }
}

/// A right that a role gives to an account today: a row of `acces.droit` through a row of `acces.attribution`.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Octroi {
    /// Code of the role.
    pub role: String,
    /// Kind of object.
    pub objet: String,
    /// Word of the action.
    pub action: String,
    /// Expression that rows fulfil; none for all.
    pub lignes: Option<String>,
    /// Fields seen or changed; none for all those of the level.
    pub champs: Option<Vec<String>>,
    /// Level of nominative data seen.
    pub niveau: i16,
    /// Communes where the role is held; none for the whole territory.
    pub communes: Option<Vec<String>>,
    /// Purposes declared.
    pub finalites: Vec<String>,
}

/// Everything an account may do for a collectivité today; nothing is permitted that is not here.
#[derive(Debug, Clone, Default)]
pub struct Droits {
    octrois: Vec<Octroi>,
}

impl Droits {
    /// These rights and no other.
    #[must_use]
    pub fn new(octrois: Vec<Octroi>) -> Self {
        Self { octrois }
    }

    /// The rights, one by one.
    #[must_use]
    pub fn octrois(&self) -> &[Octroi] {
        &self.octrois
    }

    /// Whether this is permitted on some row at least.
    #[must_use]
    pub fn permet(&self, objet: &str, action: Action) -> bool {
        self.octrois.iter().any(|octroi| octroi.objet == objet && octroi.action == action.code())
    }

    /// The right to do this to this kind of object.
    pub(super) fn droit(&self, objet: &'static Objet, action: Action, qui: &Sujet) -> Option<Droit> {
        let octrois = self.octrois.iter().filter(|octroi| octroi.objet == objet.nom && octroi.action == action.code());
        Droit::compile(objet, action, octrois, qui)
    }
}
