//! Sessions: opened at sign-in, renamed at each step, listed, closed. The browser has the secret, the database its digest.

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::secret;
use super::utilisateur::CompteError;
use crate::db::CollectiviteId;

/// A session, as a list shows it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Session {
    /// Its name; does not open it.
    pub id: Uuid,
    /// Browser and system.
    pub poste: Option<String>,
    /// When it was opened.
    #[serde(with = "time::serde::rfc3339")]
    pub ouverte_le: OffsetDateTime,
    /// When it was last used, within a minute.
    #[serde(with = "time::serde::rfc3339")]
    pub vue_le: OffsetDateTime,
    /// Provider through which it was opened.
    pub fournisseur: Option<String>,
}

/// Through whom a session was opened.
#[derive(Debug, Clone, Default)]
pub struct Origine {
    /// Browser and system, in short.
    pub poste: Option<String>,
    /// Provider.
    pub fournisseur: Option<String>,
    /// Its identity token, given back at sign-out.
    pub id_token: Option<String>,
}

/// What a closed session leaves.
#[derive(Debug, Clone, Default, sqlx::FromRow)]
pub struct Fermee {
    /// Provider through which it was opened.
    pub fournisseur: Option<String>,
    /// Its identity token.
    pub id_token: Option<String>,
}

/// Opens a session; gives its secret. Sessions, links and attempts that ended are swept away on the way.
///
/// # Errors
/// The database refused, or the system gives no chance.
pub async fn ouvre(
    transaction: &mut PgConnection,
    utilisateur: Uuid,
    origine: &Origine,
) -> Result<String, CompteError> {
    sqlx::query(include_str!("sql/menage.sql")).execute(&mut *transaction).await?;
    let (texte, empreinte) = secret::nouveau("")?;
    sqlx::query(include_str!("sql/session_ouvrir.sql"))
        .bind(empreinte.octets())
        .bind(Uuid::new_v4())
        .bind(utilisateur)
        .bind(&origine.poste)
        .bind(&origine.fournisseur)
        .bind(&origine.id_token)
        .execute(&mut *transaction)
        .await?;
    Ok(texte)
}

/// Gives a session another secret and another name, and says whether its second factor was presented; its terms stay.
/// None when it was closed meanwhile.
///
/// # Errors
/// The database refused, or the system gives no chance.
pub async fn tourne(
    transaction: &mut PgConnection,
    utilisateur: Uuid,
    id: Uuid,
    second_facteur: bool,
) -> Result<Option<String>, CompteError> {
    let (texte, empreinte) = secret::nouveau("")?;
    let tournee = sqlx::query(include_str!("sql/session_tourner.sql"))
        .bind(id)
        .bind(utilisateur)
        .bind(empreinte.octets())
        .bind(Uuid::new_v4())
        .bind(second_facteur)
        .execute(transaction)
        .await?;
    Ok((tournee.rows_affected() == 1).then_some(texte))
}

/// Closes one session of an account; none when it was closed already or is another's.
///
/// # Errors
/// The database refused.
pub async fn ferme(pool: &PgPool, utilisateur: Uuid, id: Uuid) -> sqlx::Result<Option<Fermee>> {
    sqlx::query_as(include_str!("sql/session_fermer.sql")).bind(id).bind(utilisateur).fetch_optional(pool).await
}

/// Closes every session of an account but one.
///
/// # Errors
/// The database refused.
pub async fn ferme_autres(pool: &PgPool, utilisateur: Uuid, sauf: Uuid) -> sqlx::Result<u64> {
    let closed = sqlx::query(include_str!("sql/sessions_fermer_autres.sql")).bind(utilisateur).bind(sauf);
    Ok(closed.execute(pool).await?.rows_affected())
}

/// Open sessions of an account, the last used first.
///
/// # Errors
/// The database refused.
pub async fn liste(pool: &PgPool, utilisateur: Uuid) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as(include_str!("sql/sessions.sql")).bind(utilisateur).fetch_all(pool).await
}

/// Chooses the collectivité for which a session acts; the lookup holds to those of the account.
///
/// # Errors
/// The database refused.
pub async fn agit_pour(pool: &PgPool, utilisateur: Uuid, id: Uuid, collectivite: CollectiviteId) -> sqlx::Result<()> {
    sqlx::query(include_str!("sql/session_collectivite.sql"))
        .bind(id)
        .bind(utilisateur)
        .bind(collectivite)
        .execute(pool)
        .await?;
    Ok(())
}
