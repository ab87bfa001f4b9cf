//! Accounts, as administration lists them; what they are made of is elsewhere.

use serde::Serialize;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// An account, with its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a row of a list: each is a mark of its own")]
pub struct EtatCompte {
    /// Key.
    pub id: Uuid,
    /// E-mail.
    pub email: String,
    /// Name.
    pub nom: String,
    /// Whether it is open.
    pub actif: bool,
    /// Whether it administers the installation.
    pub administrateur: bool,
    /// Whether it has a second factor.
    pub second_facteur: bool,
    /// Whether it can sign in: a password was chosen, or a provider is bound.
    pub entre: bool,
    /// When it was last seen.
    #[serde(with = "time::serde::rfc3339::option")]
    pub vu_le: Option<OffsetDateTime>,
    /// Roles held today: « agent (13004) ».
    pub roles: Vec<String>,
}

/// Every account, open ones first.
///
/// # Errors
/// The database refused.
pub async fn liste(connection: &mut PgConnection) -> sqlx::Result<Vec<EtatCompte>> {
    sqlx::query_as(include_str!("sql/comptes.sql")).fetch_all(connection).await
}
