//! Views that an account keeps of a list, for itself or for its collectivité.
//!
//! Row-level security says whose a view is: one's own, and those that others of the collectivité share.

use serde::Serialize;
use serde_json::Value;
use sqlx::FromRow;
use thiserror::Error;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::TenantTx;

/// Longest name, characters.
const MAX_NOM: usize = 80;
/// Longest state, bytes.
const MAX_ETAT: usize = 16 << 10;
/// Views that an account keeps of one object at most.
const MAX_VUES: i64 = 50;

/// A view.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Vue {
    /// Key.
    pub id: Uuid,
    /// Module.
    pub module: String,
    /// Object.
    pub objet: String,
    /// Name.
    pub nom: String,
    /// Whether every account of the collectivité that reads the object finds it.
    pub partagee: bool,
    /// Whether it is one's own.
    pub propre: bool,
    /// What a screen needs to open it again: a text, or an object.
    #[schema(value_type = Object)]
    pub etat: Value,
    /// Version.
    pub version: i32,
}

/// What is changed of a view.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changement {
    /// Name.
    pub nom: Option<String>,
    /// Whether it is shared.
    pub partagee: Option<bool>,
    /// State.
    pub etat: Option<Value>,
}

/// Why a view is not kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VueError {
    /// No such view, or another's.
    #[error("Cette vue n'existe pas, ou elle est à un autre compte : seul le sien la change.")]
    Absente,
    /// A name that is none.
    #[error("Le nom d'une vue a de 1 à {MAX_NOM} caractères.")]
    Nom,
    /// A state that is none.
    #[error("L'état d'une vue est un texte ou un objet JSON de 16 Kio au plus.")]
    Etat,
    /// Too many views.
    #[error("Vous gardez déjà {MAX_VUES} vues de cette liste ; retirez-en une d'abord.")]
    Trop,
    /// The database refused.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}

/// The views of an object that are one's own or shared, by name.
///
/// # Errors
/// The database refused.
pub async fn lister(tx: &mut TenantTx, objet: &str) -> sqlx::Result<Vec<Vue>> {
    sqlx::query_as(include_str!("sql/lister.sql")).bind(objet).fetch_all(&mut **tx).await
}

/// Keeps a view.
///
/// # Errors
/// A name or a state that is none, or too many views.
pub async fn garder(tx: &mut TenantTx, objet: &str, nom: &str, partagee: bool, etat: &Value) -> Result<Vue, VueError> {
    let (nom, etat) = (nom_lu(nom)?, etat_lu(etat)?);
    let acteur = *tx.acteur();
    let gardees: i64 =
        sqlx::query_scalar("select count(*) from core.vue where objet = $1 and utilisateur = acces.mon_utilisateur()")
            .bind(objet)
            .fetch_one(&mut **tx)
            .await?;
    if gardees >= MAX_VUES {
        return Err(VueError::Trop);
    }
    let id = Uuid::new_v4();
    sqlx::query(include_str!("sql/garder.sql"))
        .bind(id)
        .bind(acteur.collectivite)
        .bind(acteur.utilisateur)
        .bind(objet)
        .bind(nom)
        .bind(partagee)
        .bind(etat)
        .execute(&mut **tx)
        .await?;
    une(tx, id).await
}

/// Changes a view of one's own.
///
/// # Errors
/// There is none, it is another's, or a name or a state that is none.
pub async fn changer(tx: &mut TenantTx, id: Uuid, changement: &Changement) -> Result<Vue, VueError> {
    let nom = changement.nom.as_deref().map(nom_lu).transpose()?;
    let etat = changement.etat.as_ref().map(etat_lu).transpose()?;
    let changees = sqlx::query(include_str!("sql/changer.sql"))
        .bind(id)
        .bind(nom)
        .bind(changement.partagee)
        .bind(etat)
        .execute(&mut **tx)
        .await?;
    if changees.rows_affected() == 0 {
        return Err(VueError::Absente);
    }
    une(tx, id).await
}

/// Throws a view of one's own away.
///
/// # Errors
/// There is none, or it is another's.
pub async fn retirer(tx: &mut TenantTx, id: Uuid) -> Result<(), VueError> {
    let retirees = sqlx::query("delete from core.vue where id = $1").bind(id).execute(&mut **tx).await?;
    if retirees.rows_affected() == 0 { Err(VueError::Absente) } else { Ok(()) }
}

async fn une(tx: &mut TenantTx, id: Uuid) -> Result<Vue, VueError> {
    let vue = sqlx::query_as(include_str!("sql/une.sql")).bind(id).fetch_optional(&mut **tx).await?;
    vue.ok_or(VueError::Absente)
}

fn nom_lu(nom: &str) -> Result<String, VueError> {
    let nom = nom.trim();
    let bon = !nom.is_empty() && nom.chars().count() <= MAX_NOM && !nom.chars().any(char::is_control);
    if bon { Ok(nom.to_owned()) } else { Err(VueError::Nom) }
}

/// JSON of PostgreSQL holds no NUL.
fn etat_lu(etat: &Value) -> Result<Value, VueError> {
    let texte = etat.to_string();
    let bon = (etat.is_object() || etat.is_string()) && texte.len() <= MAX_ETAT && !texte.contains("\\u0000");
    if bon { Ok(etat.clone()) } else { Err(VueError::Etat) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_states_are_bounded() {
        assert_eq!(nom_lu(" À relancer ").unwrap(), "À relancer");
        assert!(["", " ", "a\0", "a\nb"].iter().all(|nom| nom_lu(nom).is_err()) && nom_lu(&"é".repeat(81)).is_err());
        assert!(etat_lu(&json!({ "q": "a" })).is_ok() && etat_lu(&json!("q=a")).is_ok());
        for mauvais in [json!([]), json!(null), json!({ "q": "a\0" }), json!({ "q": "x".repeat(MAX_ETAT) })] {
            assert!(etat_lu(&mauvais).is_err());
        }
    }
}
