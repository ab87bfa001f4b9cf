//! Links that serve once, to choose a password: an invitation, or one forgotten.

use sqlx::PgConnection;
use uuid::Uuid;

use super::journal::Auteur;
use super::secret::{self, Empreinte};
use super::utilisateur::{CompteError, change_mot_de_passe};

/// What a link is for, which says how long it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// A new account.
    Invitation,
    /// A forgotten password.
    Oubli,
}

impl Genre {
    fn heures(self) -> i32 {
        match self {
            Self::Invitation => 7 * 24,
            Self::Oubli => 1,
        }
    }

    /// « 7 jours », « une heure ».
    #[must_use]
    pub fn duree(self) -> &'static str {
        match self {
            Self::Invitation => "7 jours",
            Self::Oubli => "une heure",
        }
    }
}

/// Whom a link is for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Destinataire {
    /// Key of the account.
    pub id: Uuid,
    /// E-mail.
    pub email: String,
    /// Name.
    pub nom: String,
}

/// Makes a link; gives its secret, which the database does not keep.
///
/// # Errors
/// The database refused, or the system gives no chance.
pub async fn cree(connection: &mut PgConnection, utilisateur: Uuid, genre: Genre) -> Result<String, CompteError> {
    let (texte, empreinte) = secret::nouveau("")?;
    sqlx::query(include_str!("sql/lien_creer.sql"))
        .bind(empreinte.octets())
        .bind(utilisateur)
        .bind(genre.heures())
        .execute(connection)
        .await?;
    Ok(texte)
}

/// Whom a link is for, as long as it serves.
///
/// # Errors
/// The database refused.
pub async fn lit(connection: &mut PgConnection, secret: &str) -> sqlx::Result<Option<Destinataire>> {
    let Some(empreinte) = Empreinte::de(secret) else { return Ok(None) };
    sqlx::query_as(include_str!("sql/lien_lire.sql")).bind(empreinte.octets()).fetch_optional(connection).await
}

/// Uses a link up and keeps the digest of the password chosen; none when it no longer serves. In one transaction: of two
/// uses at once, one has it.
///
/// # Errors
/// The database refused.
pub async fn utilise(
    transaction: &mut PgConnection,
    auteur: &Auteur,
    secret: &str,
    empreinte_mot_de_passe: &str,
) -> Result<Option<Uuid>, CompteError> {
    let Some(empreinte) = Empreinte::de(secret) else { return Ok(None) };
    let id: Option<Uuid> = sqlx::query_scalar(include_str!("sql/lien_prendre.sql"))
        .bind(empreinte.octets())
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(id) = id else { return Ok(None) };
    let auteur = Auteur { utilisateur: Some(id), ..*auteur };
    change_mot_de_passe(transaction, &auteur, id, empreinte_mot_de_passe).await?;
    Ok(Some(id))
}
