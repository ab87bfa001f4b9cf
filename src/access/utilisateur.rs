//! Accounts: made, listed, closed, reopened; their password chosen.

use serde::Serialize;
use serde_json::json;
use sqlx::{Connection as _, PgConnection, PgPool};
use thiserror::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::journal::{Auteur, Fait, JournalError, acte};
use super::mot_de_passe::{Faible, HachageError};

/// Longest e-mail (RFC 5321) and longest name, in characters.
const MAX_EMAIL: usize = 254;
const MAX_NOM: usize = 120;

/// Why an account, a session, a link or a token was not made or changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CompteError {
    /// Not an e-mail.
    #[error("« {0} » n'est pas une adresse électronique ; elle s'écrit nom@domaine")]
    Email(String),
    /// Not a name.
    #[error("un nom a de 1 à {MAX_NOM} caractères, sans retour à la ligne")]
    Nom,
    /// Taken.
    #[error("un compte a déjà l'adresse « {0} » ; « finage user list » les donne")]
    Pris(String),
    /// No such account.
    #[error("aucun compte n'a l'adresse « {0} » ; « finage user list » les donne")]
    Inconnu(String),
    /// A closed account.
    #[error("le compte « {0} » est fermé ; rouvrez-le d'abord : finage user reopen {0}")]
    Ferme(String),
    /// A password that is refused.
    #[error("{0}")]
    Faible(#[from] Faible),
    /// A digest that was not computed.
    #[error(transparent)]
    Hachage(#[from] HachageError),
    /// No such collectivité, or a closed one.
    #[error("aucune collectivité ouverte n'a le code « {0} » ; « finage collectivite list » les donne")]
    Collectivite(String),
    /// The account holds no role there.
    #[error("le compte « {email} » ne tient aucun rôle pour « {collectivite} » : donnez-lui-en un d'abord")]
    SansRole {
        /// Its e-mail.
        email: String,
        /// Code of the collectivité.
        collectivite: String,
    },
    /// A token asked for wrongly.
    #[error("{0}")]
    Jeton(&'static str),
    /// No such token.
    #[error("aucun jeton ouvert n'a cet identifiant ; « finage token list » les donne")]
    JetonInconnu,
    /// The key that seals second factors cannot be used.
    #[error("{0}")]
    Coffre(String),
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system gives no chance.
    #[error("le système ne donne pas de nombres au hasard : {0}")]
    Hasard(#[from] getrandom::Error),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

/// An account, as a list shows it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "four facts that do not depend on one another")]
pub struct Utilisateur {
    /// Key.
    pub id: Uuid,
    /// E-mail.
    pub email: String,
    /// Name.
    pub nom: String,
    /// Whether it administers the installation.
    pub administrateur: bool,
    /// Whether it may sign in.
    pub actif: bool,
    /// Whether a password was chosen.
    pub mot_de_passe: bool,
    /// Whether it has a second factor.
    pub second_facteur: bool,
    /// When it last signed in.
    #[serde(with = "time::serde::rfc3339::option")]
    pub vu_le: Option<OffsetDateTime>,
}

/// An e-mail as accounts keep it: lower case, without spaces around.
///
/// # Errors
/// What is none.
pub fn email(texte: &str) -> Result<String, CompteError> {
    let propre = texte.trim().to_lowercase();
    let visible = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"');
    let juste = propre.chars().count() <= MAX_EMAIL
        && propre.chars().all(visible)
        && propre
            .split_once('@')
            .is_some_and(|(nom, domaine)| !nom.is_empty() && !domaine.is_empty() && !domaine.contains('@'));
    if juste { Ok(propre) } else { Err(CompteError::Email(texte.chars().take(80).collect())) }
}

/// Makes an account without a password; gives its key.
///
/// # Errors
/// The e-mail or the name is none, or the e-mail is taken.
pub async fn cree(
    connection: &mut PgConnection,
    auteur: &Auteur,
    adresse: &str,
    nom: &str,
    administrateur: bool,
) -> Result<Uuid, CompteError> {
    let adresse = email(adresse)?;
    let nom = nom.trim();
    if nom.is_empty() || nom.chars().count() > MAX_NOM || nom.chars().any(char::is_control) {
        return Err(CompteError::Nom);
    }
    let id = Uuid::new_v4();
    let mut transaction = connection.begin().await?;
    let made = sqlx::query(include_str!("sql/utilisateur_creer.sql"))
        .bind(id)
        .bind(&adresse)
        .bind(nom)
        .bind(administrateur)
        .execute(&mut *transaction)
        .await?;
    if made.rows_affected() == 0 {
        return Err(CompteError::Pris(adresse));
    }
    let details = json!({ "email": adresse, "administrateur": administrateur });
    ecrit(&mut transaction, auteur, "creation", id, &details).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Every account, those that are open first.
///
/// # Errors
/// The database refused.
pub async fn liste(connection: &mut PgConnection) -> Result<Vec<Utilisateur>, CompteError> {
    Ok(sqlx::query_as(include_str!("sql/utilisateurs.sql")).fetch_all(connection).await?)
}

/// The account of this e-mail.
///
/// # Errors
/// There is none.
pub async fn cherche(connection: &mut PgConnection, adresse: &str) -> Result<Utilisateur, CompteError> {
    let adresse = email(adresse)?;
    let found = sqlx::query_as(include_str!("sql/utilisateur_par_email.sql")).bind(&adresse).fetch_optional(connection);
    found.await?.ok_or(CompteError::Inconnu(adresse))
}

/// Closes an account, and what it has open; or opens it again.
///
/// # Errors
/// The database refused.
pub async fn ouvre(connection: &mut PgConnection, auteur: &Auteur, id: Uuid, actif: bool) -> Result<(), CompteError> {
    let mut transaction = connection.begin().await?;
    sqlx::query(include_str!("sql/utilisateur_ouvrir.sql")).bind(id).bind(actif).execute(&mut *transaction).await?;
    if !actif {
        sqlx::query(include_str!("sql/utilisateur_vider.sql")).bind(id).execute(&mut *transaction).await?;
    }
    ecrit(&mut transaction, auteur, if actif { "reouverture" } else { "fermeture" }, id, &json!({})).await?;
    transaction.commit().await?;
    Ok(())
}

/// The digest of an account's password, if it has one.
///
/// # Errors
/// The database refused.
pub async fn empreinte(pool: &PgPool, id: Uuid) -> sqlx::Result<Option<String>> {
    let found: Option<Option<String>> =
        sqlx::query_scalar(include_str!("sql/utilisateur_empreinte.sql")).bind(id).fetch_optional(pool).await?;
    Ok(found.flatten())
}

/// Keeps the digest of a new password: every session and link of the account ends.
///
/// # Errors
/// The database refused.
pub async fn change_mot_de_passe(
    transaction: &mut PgConnection,
    auteur: &Auteur,
    id: Uuid,
    empreinte: &str,
) -> Result<(), CompteError> {
    sqlx::query(include_str!("sql/utilisateur_mot_de_passe.sql"))
        .bind(id)
        .bind(empreinte)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(include_str!("sql/utilisateur_vider.sql")).bind(id).execute(&mut *transaction).await?;
    ecrit(transaction, auteur, "mot_de_passe", id, &json!({})).await
}

/// Takes the second factor off an account whose telephone is lost; its sessions end.
///
/// # Errors
/// The database refused.
pub async fn retire_second_facteur(
    connection: &mut PgConnection,
    auteur: &Auteur,
    id: Uuid,
) -> Result<(), CompteError> {
    let mut transaction = connection.begin().await?;
    sqlx::query(include_str!("sql/totp_retirer.sql")).bind(id).execute(&mut *transaction).await?;
    sqlx::query(include_str!("sql/sessions_fermer.sql")).bind(id).execute(&mut *transaction).await?;
    ecrit(&mut transaction, auteur, "retrait", id, &json!({ "second_facteur": true })).await?;
    transaction.commit().await?;
    Ok(())
}

/// An act on an account.
pub(super) async fn ecrit(
    connection: &mut PgConnection,
    auteur: &Auteur,
    action: &str,
    id: Uuid,
    details: &serde_json::Value,
) -> Result<(), CompteError> {
    let cle = id.to_string();
    let fait = Fait { action, objet: "compte", cle: Some(&cle), details };
    Ok(acte(connection, auteur, &fait).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_kept_in_lower_case() {
        assert_eq!(email(" Agent@Valbrume.FR ").unwrap(), "agent@valbrume.fr");
        for wrong in [
            "",
            "agent",
            "@valbrume.fr",
            "a@",
            "a@b@c",
            "a b@c.fr",
            "a\r\n@c.fr",
            "<a@c.fr>",
            &format!("{}@c.fr", "a".repeat(260)),
        ] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }
}
