//! What accounts and collectivités are called: the journal keeps their keys.

use std::collections::HashMap;

use sqlx::PgPool;
use uuid::Uuid;

/// Names of every account and collectivité.
#[derive(Debug, Default)]
pub struct Noms {
    comptes: HashMap<Uuid, String>,
    collectivites: HashMap<i32, String>,
}

impl Noms {
    /// Reads them through the pool of accounts.
    ///
    /// # Errors
    /// The database refused.
    pub async fn lit(acces: &PgPool) -> sqlx::Result<Self> {
        let comptes: Vec<(Uuid, String)> = sqlx::query_as(include_str!("sql/comptes.sql")).fetch_all(acces).await?;
        let collectivites: Vec<(i32, String)> =
            sqlx::query_as(include_str!("sql/collectivites.sql")).fetch_all(acces).await?;
        Ok(Self { comptes: comptes.into_iter().collect(), collectivites: collectivites.into_iter().collect() })
    }

    /// Electronic address of an account; none for one that is gone.
    #[must_use]
    pub fn compte(&self, id: Uuid) -> Option<&str> {
        self.comptes.get(&id).map(String::as_str)
    }

    /// Account of this electronic address.
    #[must_use]
    pub fn compte_de(&self, email: &str) -> Option<Uuid> {
        let email = email.to_lowercase();
        self.comptes.iter().find(|(_, nom)| **nom == email).map(|(id, _)| *id)
    }

    /// Code of a collectivité.
    #[must_use]
    pub fn collectivite(&self, id: i32) -> Option<&str> {
        self.collectivites.get(&id).map(String::as_str)
    }

    /// Collectivité of this code.
    #[must_use]
    pub fn collectivite_de(&self, code: &str) -> Option<i32> {
        self.collectivites.iter().find(|(_, nom)| *nom == code).map(|(id, _)| *id)
    }
}
