//! Direct SQL connections: logins that Finage issues to QGIS, GeoServer and others, each bound to an account and a collectivité.
//!
//! What a login sees and edits is decided in the database, by the policies of `core.proteger` and `core.ouvrir_en_sql`.

use serde::Serialize;
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::db::OWNER;

/// Why a login was not made or revoked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnexionError {
    /// Not a name that a login may have.
    #[error(
        "« {0} » ne peut pas nommer une connexion : 3 à 63 lettres minuscules, chiffres ou « _ », une lettre d'abord, sans commencer par « finage » ni « pg_ »"
    )]
    Login(String),
    /// Not what PostgreSQL keeps of a password.
    #[error("ce qui est gardé du mot de passe de « {0} » n'est pas un vérificateur SCRAM-SHA-256")]
    Verifier(String),
    /// A role of this name is there already.
    #[error("le rôle « {0} » existe déjà dans PostgreSQL ; choisissez un autre nom")]
    Taken(String),
    /// No such login.
    #[error("aucune connexion SQL ouverte ne s'appelle « {0} » ; « finage sql-role list » les donne")]
    Unknown(String),
    /// No such account, or a closed one.
    #[error("aucun compte actif n'a l'adresse « {0} » ; « finage user list » les donne")]
    Utilisateur(String),
    /// No such collectivité.
    #[error("aucune collectivité ouverte n'a le code « {0} » ; « finage collectivite list » les donne")]
    Collectivite(String),
    /// Layers that no SQL login edits.
    #[error("la couche « {couche} » ne se modifie pas en SQL : {cause} ; celles qui s'ouvrent : {ouvertes}")]
    Couche {
        /// As asked.
        couche: String,
        /// Why, for people.
        cause: &'static str,
        /// Those that may be named.
        ouvertes: String,
    },
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Database(#[from] sqlx::Error),
}

/// What is asked of a new login.
#[derive(Debug)]
pub struct Demande<'a> {
    /// Its name.
    pub login: &'a str,
    /// E-mail of the account whose rights it has.
    pub email: &'a str,
    /// Code of the collectivité it acts for.
    pub collectivite: &'a str,
    /// Layers it edits; it only reads the others.
    pub couches: &'a [String],
}

/// A login, as a list shows it.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub struct Connexion {
    /// Its name.
    pub login: String,
    /// E-mail of its account.
    pub email: String,
    /// Code of its collectivité.
    pub collectivite: String,
    /// Layers it edits.
    pub couches: Vec<String>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub cree_le: OffsetDateTime,
    /// When it was revoked.
    #[serde(with = "time::serde::rfc3339::option")]
    pub revoque_le: Option<OffsetDateTime>,
}

/// Makes a login and gives its password, which is kept nowhere else. `admin` may create roles.
///
/// # Errors
/// Every [`ConnexionError`]; nothing is made then.
pub async fn create(admin: &mut PgConnection, demande: &Demande<'_>) -> Result<String, ConnexionError> {
    if !is_login(demande.login) {
        return Err(ConnexionError::Login(demande.login.chars().take(63).collect()));
    }
    let mut transaction = admin.begin().await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("set local role {OWNER}"))).execute(&mut *transaction).await?;
    let utilisateur: Option<Uuid> = sqlx::query_scalar(include_str!("sql/utilisateur_actif.sql"))
        .bind(demande.email.trim().to_lowercase())
        .fetch_optional(&mut *transaction)
        .await?;
    let utilisateur = utilisateur.ok_or_else(|| ConnexionError::Utilisateur(demande.email.to_owned()))?;
    let collectivite: Option<i32> = sqlx::query_scalar(include_str!("sql/collectivite_ouverte.sql"))
        .bind(demande.collectivite)
        .fetch_optional(&mut *transaction)
        .await?;
    let collectivite = collectivite.ok_or_else(|| ConnexionError::Collectivite(demande.collectivite.to_owned()))?;
    let ouvertes: Vec<String> =
        sqlx::query_scalar(include_str!("sql/couches_sql.sql")).fetch_all(&mut *transaction).await?;
    if let Some(couche) = demande.couches.iter().find(|couche| !ouvertes.contains(couche)) {
        let fermee: Option<String> = sqlx::query_scalar(include_str!("sql/couche_fermee.sql"))
            .bind(couche)
            .fetch_optional(&mut *transaction)
            .await?;
        let cause = match fermee.as_deref() {
            Some("personnel") => "ses fiches portent des données personnelles, qui ne se lisent qu'en disant pourquoi",
            Some("parent") => "ses fiches suivent les droits d'une autre fiche, que l'application seule connaît",
            Some(_) => "elle vient des imports, et se lit seulement",
            None => "aucune couche n'a ce nom",
        };
        return Err(ConnexionError::Couche { couche: couche.clone(), cause, ouvertes: ouvertes.join(", ") });
    }
    let taken: bool =
        sqlx::query_scalar(include_str!("sql/role_pris.sql")).bind(demande.login).fetch_one(&mut *transaction).await?;
    if taken {
        return Err(ConnexionError::Taken(demande.login.to_owned()));
    }
    sqlx::query(include_str!("sql/connexion_creer.sql"))
        .bind(demande.login)
        .bind(utilisateur)
        .bind(collectivite)
        .bind(demande.couches)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("reset role").execute(&mut *transaction).await?;
    // 122 bits of chance; PostgreSQL keeps a SCRAM verifier of it.
    let password = Uuid::new_v4().simple().to_string();
    // A utility statement takes no parameters: PostgreSQL itself quotes the two texts.
    let statement: String = sqlx::query_scalar(include_str!("sql/connexion_role.sql"))
        .bind(demande.login)
        .bind(&password)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(password)
}

/// Makes the role of a login that `core.sql_role` already names, with the SCRAM verifier of its password; without one its
/// password is lost, and nobody comes in until it is given another. `transaction` may create roles.
///
/// # Errors
/// A name or a verifier that is none, or a refusal of the database.
pub async fn remake(transaction: &mut PgConnection, login: &str, verifier: Option<&str>) -> Result<(), ConnexionError> {
    if !is_login(login) {
        return Err(ConnexionError::Login(login.chars().take(63).collect()));
    }
    if verifier.is_some_and(|verifier| !is_verifier(verifier)) {
        return Err(ConnexionError::Verifier(login.to_owned()));
    }
    let lost = Uuid::new_v4().simple().to_string();
    let statement: String = sqlx::query_scalar(include_str!("sql/connexion_role.sql"))
        .bind(login)
        .bind(verifier.unwrap_or(&lost))
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(transaction).await?;
    Ok(())
}

/// Closes a login: what it has open ends, and it opens nothing more.
///
/// # Errors
/// Every [`ConnexionError`]; nothing is changed then.
pub async fn revoke(admin: &mut PgConnection, login: &str) -> Result<(), ConnexionError> {
    let mut transaction = admin.begin().await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("set local role {OWNER}"))).execute(&mut *transaction).await?;
    let closed = sqlx::query(include_str!("sql/connexion_revoquer.sql")).bind(login).execute(&mut *transaction).await?;
    if closed.rows_affected() == 0 {
        return Err(ConnexionError::Unknown(login.chars().take(63).collect()));
    }
    sqlx::query("reset role").execute(&mut *transaction).await?;
    let statement: String =
        sqlx::query_scalar(include_str!("sql/connexion_fermer.sql")).bind(login).fetch_one(&mut *transaction).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *transaction).await?;
    transaction.commit().await?;
    sqlx::query(include_str!("sql/connexion_couper.sql")).bind(login).execute(&mut *admin).await?;
    Ok(())
}

/// Every login, open ones first. `owner` owns the tables.
///
/// # Errors
/// The database refused.
pub async fn list(owner: &mut PgConnection) -> Result<Vec<Connexion>, ConnexionError> {
    Ok(sqlx::query_as(include_str!("sql/connexions.sql")).fetch_all(owner).await?)
}

/// What PostgreSQL keeps of a password (RFC 5802): given as a password, it is kept as it is.
fn is_verifier(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '$' | ':');
    text.len() <= 200
        && text.strip_prefix("SCRAM-SHA-256$").is_some_and(|rest| rest.chars().all(plain) && rest.contains(':'))
}

fn is_login(text: &str) -> bool {
    let mut letters = text.chars();
    (3..=63).contains(&text.len())
        && letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        && !text.starts_with("finage")
        && !text.starts_with("pg_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_is_no_password() {
        assert!(is_verifier("SCRAM-SHA-256$4096:c2Vs$Y2xl:c2VydmV1cg=="));
        for bad in ["", "secret", "md5acbd18db4cc2f85cedef654fccc4a4d8", "SCRAM-SHA-256$4096:'; drop"] {
            assert!(!is_verifier(bad), "{bad}");
        }
    }

    #[test]
    fn a_login_is_a_plain_name() {
        for good in ["qgis_voirie", "abc", "geoserver2"] {
            assert!(is_login(good), "{good}");
        }
        for bad in [
            "",
            "ab",
            "finage_app",
            "pg_monitor",
            "Qgis",
            "1abc",
            "a-b-c",
            "a b c",
            "é_a",
            "a\"; drop",
            &"a".repeat(64),
        ] {
            assert!(!is_login(bad), "{bad}");
        }
    }
}
