//! Tokens of programs: for one account and one collectivité, with a scope, a term and a label; shown once.

use serde::Serialize;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use super::journal::{Auteur, Fait, acte};
use super::secret;
use super::utilisateur::CompteError;
use crate::db::CollectiviteId;

/// What a token begins with: seen in a file, it says what it is.
const PREFIXE: &str = "fin_";
/// Longest term, in days.
pub const MAX_JOURS: i32 = 366;
/// Term proposed, in days.
pub const JOURS: i32 = 90;
/// Longest label, in characters.
const MAX_LIBELLE: usize = 80;

/// What a token is asked to be.
#[derive(Debug)]
pub struct Demande<'a> {
    /// Account whose rights it has.
    pub utilisateur: Uuid,
    /// Its e-mail, for refusals.
    pub email: &'a str,
    /// Code of the collectivité it acts for.
    pub collectivite: &'a str,
    /// Whether it may write; it reads in any case.
    pub ecriture: bool,
    /// Days for which it serves.
    pub jours: i32,
    /// What it is for.
    pub libelle: &'a str,
}

/// A token, as a list shows it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Jeton {
    /// Its name; does not open anything.
    pub id: Uuid,
    /// E-mail of its account.
    pub email: String,
    /// Code of its collectivité.
    pub collectivite: String,
    /// Name of its collectivité.
    pub collectivite_nom: String,
    /// What it is for.
    pub libelle: String,
    /// `read`, `write`.
    pub portee: Vec<String>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub cree_le: OffsetDateTime,
    /// When it ends.
    #[serde(with = "time::serde::rfc3339")]
    pub expire_le: OffsetDateTime,
    /// When it was last used, within a minute.
    #[serde(with = "time::serde::rfc3339::option")]
    pub vu_le: Option<OffsetDateTime>,
    /// When it was revoked.
    #[serde(with = "time::serde::rfc3339::option")]
    pub revoque_le: Option<OffsetDateTime>,
}

/// Makes a token and gives it, once.
///
/// # Errors
/// The account holds no role there, the term or the label is none, or the database refused.
pub async fn cree(
    connection: &mut PgConnection,
    auteur: &Auteur,
    demande: &Demande<'_>,
) -> Result<String, CompteError> {
    let libelle = demande.libelle.trim();
    if libelle.is_empty() || libelle.chars().count() > MAX_LIBELLE || libelle.chars().any(char::is_control) {
        return Err(CompteError::Jeton("Le libellé d'un jeton a de 1 à 80 caractères : il dit à quoi il sert."));
    }
    if !(1..=MAX_JOURS).contains(&demande.jours) {
        return Err(CompteError::Jeton("Un jeton sert de 1 à 366 jours."));
    }
    let mut transaction = connection.begin().await?;
    let collectivite: Option<i32> = sqlx::query_scalar(include_str!("sql/collectivite_ouverte.sql"))
        .bind(demande.collectivite)
        .fetch_optional(&mut *transaction)
        .await?;
    let collectivite = collectivite
        .map(CollectiviteId)
        .ok_or_else(|| CompteError::Collectivite(demande.collectivite.chars().take(40).collect()))?;
    let siennes: Vec<(CollectiviteId, String, String)> =
        sqlx::query_as(include_str!("sql/collectivites_du_compte.sql"))
            .bind(demande.utilisateur)
            .fetch_all(&mut *transaction)
            .await?;
    if !siennes.iter().any(|(id, ..)| *id == collectivite) {
        let (email, collectivite) = (demande.email.to_owned(), demande.collectivite.to_owned());
        return Err(CompteError::SansRole { email, collectivite });
    }
    let (id, (texte, empreinte)) = (Uuid::new_v4(), secret::nouveau(PREFIXE)?);
    let portee: &[&str] = if demande.ecriture { &["read", "write"] } else { &["read"] };
    sqlx::query(include_str!("sql/jeton_creer.sql"))
        .bind(id)
        .bind(empreinte.octets())
        .bind(demande.utilisateur)
        .bind(collectivite)
        .bind(libelle)
        .bind(portee)
        .bind(demande.jours)
        .execute(&mut *transaction)
        .await?;
    let auteur = Auteur { collectivite: Some(collectivite), ..*auteur };
    let details = json!({ "compte": demande.email, "portee": portee, "jours": demande.jours, "libelle": libelle });
    ecrit(&mut transaction, &auteur, "creation", id, &details).await?;
    transaction.commit().await?;
    Ok(texte)
}

/// Tokens of an account, or all; those that serve first.
///
/// # Errors
/// The database refused.
pub async fn liste(connection: &mut PgConnection, utilisateur: Option<Uuid>) -> sqlx::Result<Vec<Jeton>> {
    sqlx::query_as(include_str!("sql/jetons.sql")).bind(utilisateur).fetch_all(connection).await
}

/// Revokes a token, of this account when one is given.
///
/// # Errors
/// There is no such token, or the database refused.
pub async fn revoque(
    connection: &mut PgConnection,
    auteur: &Auteur,
    id: Uuid,
    utilisateur: Option<Uuid>,
) -> Result<(), CompteError> {
    let mut transaction = connection.begin().await?;
    let collectivite: Option<CollectiviteId> = sqlx::query_scalar(include_str!("sql/jeton_revoquer.sql"))
        .bind(id)
        .bind(utilisateur)
        .fetch_optional(&mut *transaction)
        .await?;
    let collectivite = collectivite.ok_or(CompteError::JetonInconnu)?;
    let auteur = Auteur { collectivite: Some(collectivite), ..*auteur };
    ecrit(&mut transaction, &auteur, "retrait", id, &json!({})).await?;
    transaction.commit().await?;
    Ok(())
}

async fn ecrit(
    connection: &mut PgConnection,
    auteur: &Auteur,
    action: &str,
    id: Uuid,
    details: &serde_json::Value,
) -> Result<(), CompteError> {
    let cle = id.to_string();
    Ok(acte(connection, auteur, &Fait { action, objet: "jeton", cle: Some(&cle), details }).await?)
}
