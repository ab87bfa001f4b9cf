//! Links from records to entities of the map, each with its dates: what stands on which parcel, and since when.
//!
//! A link is its record's: whoever changes the record makes and ends its links, whoever reads it reads them. An entity is
//! named by its business key; what happens when a new plan takes that key away is `core.suivre_rattachements`, that imports
//! of the cadastre call: the link follows, or waits here for a human.

mod ancrage;
mod ecriture;
mod erreur;
mod lecture;

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;
use uuid::Uuid;

pub use ancrage::{Ancrage, ancrages};
pub use ecriture::{MAX_LIENS, confirmer, delier, lier};
pub use erreur::RattachementError;
pub use lecture::{Attente, FicheLiee, Incomplete, Liees, en_attente, incompletes, lister, par_entite};

/// A link of a record.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Rattachement {
    /// Key.
    pub id: Uuid,
    /// Layer of the entity.
    pub couche: String,
    /// Business key of the entity: idu of a parcel.
    pub cle_entite: String,
    /// What the entity is to the record.
    pub role: String,
    /// First day it holds.
    #[schema(value_type = String, format = Date)]
    pub valide_du: Date,
    /// First day it no longer holds; none while it does.
    #[schema(value_type = Option<String>, format = Date)]
    pub valide_au: Option<Date>,
    /// How sure it is.
    #[sqlx(try_from = "String")]
    pub etat: Etat,
    /// Entities that may take its place, the likeliest first.
    #[schema(value_type = Vec<Candidat>)]
    pub propose: Json<Vec<Candidat>>,
    /// Import that made it follow, or wait.
    pub batch: Option<Uuid>,
    /// Version, that each change moves.
    pub version: i32,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub creee_le: OffsetDateTime,
}

/// How sure a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EtatRattachement)]
pub enum Etat {
    /// The entity is on the map, or the link has ended.
    Sur,
    /// The entity is gone, and several may take its place.
    AConfirmer,
    /// The entity is gone, and nothing is in its place.
    Perdu,
}

/// An entity that may take the place of one that is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Candidat {
    /// Its business key.
    pub cle: String,
    /// Part of the former shape that it covers, from 0 to 1.
    pub part: f64,
}

impl TryFrom<String> for Etat {
    type Error = String;

    fn try_from(mot: String) -> Result<Self, String> {
        match mot.as_str() {
            "sur" => Ok(Self::Sur),
            "a_confirmer" => Ok(Self::AConfirmer),
            "perdu" => Ok(Self::Perdu),
            _ => Err(mot),
        }
    }
}
