//! What an archive says of itself: JSON texts, read within bounds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Version of the format that this program writes, and the newest it reads.
pub(super) const FORMAT: u32 = 1;

/// The first member: who made the archive, of what.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entete {
    /// Version of the format.
    pub(super) format: u32,
    /// Version of Finage.
    pub(super) finage: String,
    /// When it was made, RFC 3339.
    pub(super) faite_le: String,
    /// SRID in which geometries are stored.
    pub(super) srid: u32,
    /// Last migration of the database.
    pub(super) migration: i64,
    /// Identity of the database.
    pub(super) base: String,
    /// Version of the server.
    pub(super) postgresql: String,
    /// Its major.
    pub(super) majeure: u32,
    /// Version of PostGIS.
    pub(super) postgis: String,
}

/// What goes with the dump of the database, read in the same snapshot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Base {
    /// SQL logins that are open.
    pub(super) connexions: Vec<Connexion>,
    /// Rows of each table.
    pub(super) lignes: BTreeMap<String, i64>,
    /// Schemas and tables that are not Finage's, left out.
    pub(super) laisses: Vec<String>,
}

/// A login of QGIS, GeoServer…
#[derive(Debug, Clone, Serialize, Deserialize, sqlx::FromRow)]
pub(super) struct Connexion {
    /// Its name.
    pub(super) login: String,
    /// SCRAM verifier of its password; none when it could not be read.
    pub(super) verificateur: Option<String>,
    /// Most connections at once; -1 without limit.
    pub(super) limite: i32,
    /// Until when, as PostgreSQL writes it.
    pub(super) jusque: Option<String>,
    /// Its settings, `name=value`.
    pub(super) reglages: Vec<String>,
}

/// A member, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Membre {
    /// Its name.
    pub(super) nom: String,
    /// Its size.
    pub(super) octets: u64,
    /// SHA-256 of its content.
    pub(super) sha256: String,
}

/// The last member: without it an archive was cut.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifeste {
    /// Every other member, in its order.
    pub(super) membres: Vec<Membre>,
}
