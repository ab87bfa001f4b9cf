//! Writes a line in the caller's transaction.

use std::fmt;

use finage_journal::Chaine;
use sqlx::PgConnection;
use sqlx::types::Json;
use thiserror::Error;
use uuid::Uuid;

use super::{JournalError, pour};
use crate::db::{Acteur, Canal, CollectiviteId};

/// Longest a line may be, in bytes: criteria of a search, not its results.
const MAX_OCTETS: usize = 16 << 10;

/// Who does what a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auteur {
    /// Account; none for the command line or someone unknown.
    pub utilisateur: Option<Uuid>,
    /// Collectivité for which it acts; none for what concerns the whole installation.
    pub collectivite: Option<CollectiviteId>,
    /// Where the request came in.
    pub canal: Canal,
}

impl Auteur {
    /// The command line.
    pub const COMMANDE: Self = Self { utilisateur: None, collectivite: None, canal: Canal::Commande };
}

impl From<&Acteur> for Auteur {
    fn from(acteur: &Acteur) -> Self {
        Self { utilisateur: acteur.utilisateur, collectivite: Some(acteur.collectivite), canal: acteur.canal }
    }
}

/// What was done, and to what.
#[derive(Debug, Clone, Copy)]
pub struct Fait<'a> {
    /// Verb: `lire`, `creer`, `connexion`…
    pub action: &'a str,
    /// Kind of object, as rights name it.
    pub objet: &'a str,
    /// Key of the object; none for a list.
    pub cle: Option<&'a str>,
    /// Criteria and number of results of a list, fields of an act; never the data themselves.
    pub details: &'a serde_json::Value,
}

/// A purpose declared for a look at nominative data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finalite(String);

/// A purpose that is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("« {0} » n'est pas le nom d'une finalité ; il s'écrit en minuscules, comme « urbanisme » ou « cimetiere »")]
pub struct FinaliteError(String);

impl Finalite {
    /// The purpose of this name: a lower-case letter, then at most 39 letters, digits or underscores.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(nom: &str) -> Result<Self, FinaliteError> {
        let juste = nom.len() <= 40
            && nom.starts_with(|c: char| c.is_ascii_lowercase())
            && nom.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'_');
        if juste { Ok(Self(nom.to_owned())) } else { Err(FinaliteError(nom.chars().take(60).collect())) }
    }

    /// Its name.
    #[must_use]
    pub fn nom(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Finalite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes an act, in the transaction of `connection`.
///
/// # Errors
/// The line is too long, or the database refused it.
pub async fn acte(connection: &mut PgConnection, auteur: &Auteur, fait: &Fait<'_>) -> Result<(), JournalError> {
    ecrit(connection, Chaine::Acte, auteur, None, fait).await
}

/// Writes a look at nominative data and its purpose, in the transaction of `connection`: one line a sheet, one a list.
///
/// # Errors
/// The line is too long, or the database refused it: nothing is then to be shown.
pub async fn acces(
    connection: &mut PgConnection,
    auteur: &Auteur,
    finalite: &Finalite,
    fait: &Fait<'_>,
) -> Result<(), JournalError> {
    ecrit(connection, Chaine::Acces, auteur, Some(finalite), fait).await
}

async fn ecrit(
    connection: &mut PgConnection,
    chaine: Chaine,
    auteur: &Auteur,
    finalite: Option<&Finalite>,
    fait: &Fait<'_>,
) -> Result<(), JournalError> {
    let octets = fait.action.len() + fait.objet.len() + fait.cle.map_or(0, str::len) + fait.details.to_string().len();
    if octets > MAX_OCTETS {
        return Err(JournalError::TropLongue { objet: fait.objet.chars().take(60).collect(), octets });
    }
    sqlx::query(pour(chaine, include_str!("sql/ecrire.sql")))
        .bind(auteur.utilisateur)
        .bind(auteur.collectivite)
        .bind(auteur.canal.code())
        .bind(fait.action)
        .bind(fait.objet)
        .bind(fait.cle)
        .bind(finalite.map(Finalite::nom))
        .bind(Json(fait.details))
        .execute(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_a_plain_word() {
        assert_eq!(Finalite::parse("etat_civil").unwrap().nom(), "etat_civil");
        for wrong in ["", "Urbanisme", "1er", "état", "a b", &"a".repeat(41)] {
            assert!(Finalite::parse(wrong).is_err(), "{wrong}");
        }
    }
}
