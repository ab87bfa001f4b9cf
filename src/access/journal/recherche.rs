//! Search in a chain, for the delegate for data protection: newest first, by pages.

use finage_journal::Chaine;
use serde::Serialize;
use sqlx::{FromRow, PgConnection};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Instant, pour};
use crate::db::CollectiviteId;

/// Lines of a page at most.
pub const MAX_PAGE: u32 = 1_000;

/// What is looked for; nothing said, everything is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recherche {
    /// From this instant on.
    pub du: Option<Instant>,
    /// Before this instant.
    pub au: Option<Instant>,
    /// Account that acted.
    pub utilisateur: Option<Uuid>,
    /// Collectivité for which it acted: whoever has the right for one alone must say it.
    pub collectivite: Option<CollectiviteId>,
    /// Kind of object.
    pub objet: Option<String>,
    /// Key of the object.
    pub cle: Option<String>,
    /// Verb.
    pub action: Option<String>,
    /// Older than this line: the last of the page before.
    pub apres: Option<i64>,
}

/// A line found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Trace {
    /// Number.
    pub id: i64,
    /// Instant, RFC 3339 in UTC.
    pub le: String,
    /// Login to the database.
    pub login: String,
    /// Account.
    pub utilisateur: Option<Uuid>,
    /// Collectivité.
    pub collectivite: Option<i32>,
    /// Where the request came in.
    pub canal: String,
    /// Verb.
    pub action: String,
    /// Kind of object.
    pub objet: String,
    /// Its key.
    pub cle: Option<String>,
    /// Declared purpose.
    pub finalite: Option<String>,
    /// Criteria, number of results, fields.
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    pub details: serde_json::Value,
    /// Place in the chain; none while the line waits for its seal.
    pub rang: Option<i64>,
}

impl Recherche {
    /// Lines about one person: its sheet seen, changed, exported.
    #[must_use]
    pub fn personne(id: Uuid) -> Self {
        Self { objet: Some("personne".to_owned()), cle: Some(id.to_string()), ..Self::default() }
    }

    /// A page of at most `limite` lines ([`MAX_PAGE`]); the next is asked with `apres` set to the last `id`.
    ///
    /// # Errors
    /// The database refused.
    pub async fn page(&self, connection: &mut PgConnection, chaine: Chaine, limite: u32) -> sqlx::Result<Vec<Trace>> {
        #[derive(FromRow)]
        struct Rangee {
            id: i64,
            le: Instant,
            login: String,
            utilisateur: Option<Uuid>,
            collectivite: Option<i32>,
            canal: String,
            action: String,
            objet: String,
            cle: Option<String>,
            finalite: Option<String>,
            details: serde_json::Value,
            rang: Option<i64>,
        }
        let trouvees: Vec<Rangee> = sqlx::query_as(pour(chaine, include_str!("sql/rechercher.sql")))
            .bind(self.du)
            .bind(self.au)
            .bind(self.utilisateur)
            .bind(self.collectivite)
            .bind(&self.objet)
            .bind(&self.cle)
            .bind(&self.action)
            .bind(self.apres)
            .bind(i64::from(limite.clamp(1, MAX_PAGE)))
            // Planned for these criteria: the index that serves depends on which are there.
            .persistent(false)
            .fetch_all(connection)
            .await?;
        let trace = |r: Rangee| Trace {
            id: r.id,
            le: r.le.texte(),
            login: r.login,
            utilisateur: r.utilisateur,
            collectivite: r.collectivite,
            canal: r.canal,
            action: r.action,
            objet: r.objet,
            cle: r.cle,
            finalite: r.finalite,
            details: r.details,
            rang: r.rang,
        };
        Ok(trouvees.into_iter().map(trace).collect())
    }
}
