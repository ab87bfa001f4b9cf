//! Roles: those delivered with Finage, and those that an administrator makes for a collectivité; what each permits.

use serde::Serialize;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;

use super::droits::{Action, Objet, verifie_lignes};
use super::journal::{self, Auteur, Fait, JournalError};
use crate::db::CollectiviteId;

/// Longest filter on rows, in bytes; longer is no longer read by people.
const MAX_LIGNES: usize = 4_000;

/// Why a role was not made or changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RoleError {
    /// Not a code.
    #[error(
        "« {0} » ne peut pas être le code d'un rôle : 2 à 40 lettres minuscules, chiffres ou « _ », une lettre d'abord"
    )]
    Code(String),
    /// A name that is empty or too long.
    #[error("le libellé du rôle manque, ou dépasse 200 caractères")]
    Libelle,
    /// Taken.
    #[error("un rôle « {0} » existe déjà, livré ou propre à cette collectivité ; choisissez un autre code")]
    Pris(String),
    /// No such role of this collectivité.
    #[error(
        "« {0} » n'est pas un rôle propre à cette collectivité ; ceux qui sont livrés ne se changent pas (« finage role list » les donne)"
    )]
    Inconnu(String),
    /// No such collectivité.
    #[error("aucune collectivité n'a le code « {0} » ; « finage collectivite list » les donne")]
    Collectivite(String),
    /// No such object.
    #[error("« {objet} » n'est pas un objet ; ceux que des droits nomment : {connus}")]
    Objet {
        /// As asked.
        objet: String,
        /// Those that may be named.
        connus: String,
    },
    /// No such action.
    #[error(
        "« {0} » n'est pas une action : lire, creer, changer, archiver, transiter, exporter, imprimer ou nominatif"
    )]
    Action(String),
    /// The filter on rows cannot be read.
    #[error("le filtre des lignes est refusé. {0}")]
    Lignes(#[from] finage_expr::ExprError),
    /// The filter on rows is too long.
    #[error("le filtre des lignes dépasse {MAX_LIGNES} octets")]
    LignesLongues,
    /// No such field.
    #[error("« {champ} » n'est pas un champ de « {objet} »")]
    Champ {
        /// As asked.
        champ: String,
        /// Of this object.
        objet: &'static str,
    },
    /// No such level.
    #[error("le niveau des données nominatives va de 1 à 3, avec l'action « nominatif » ; il est 0 avec les autres")]
    Niveau,
    /// No such right to withdraw.
    #[error("ce rôle n'a pas le droit « {action} » sur « {objet} »")]
    Absent {
        /// Action.
        action: String,
        /// Object.
        objet: String,
    },
    /// The journal refused, and so nothing was done.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

/// A role, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Role {
    /// Key.
    pub id: i32,
    /// Code.
    pub code: String,
    /// Name.
    pub libelle: String,
    /// Code of the collectivité it is proper to; none for those delivered.
    pub collectivite: Option<String>,
}

/// A right of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Permission {
    /// Kind of object.
    pub objet: String,
    /// Word of the action.
    pub action: String,
    /// Filter on rows; none for all.
    pub lignes: Option<String>,
    /// Fields; none for all those of the level.
    pub champs: Option<Vec<String>>,
    /// Level of nominative data.
    pub niveau: i16,
}

/// A right to be given to a role.
#[derive(Debug, Clone, Copy)]
pub struct Demande<'a> {
    /// Kind of object.
    pub objet: &'a str,
    /// Word of the action.
    pub action: &'a str,
    /// Filter on rows.
    pub lignes: Option<&'a str>,
    /// Fields.
    pub champs: Option<&'a [String]>,
    /// Level of nominative data.
    pub niveau: u8,
}

/// Roles that a collectivité may give: those delivered, and its own; every role for none.
///
/// # Errors
/// The database refused.
pub async fn liste(connection: &mut PgConnection, collectivite: Option<CollectiviteId>) -> sqlx::Result<Vec<Role>> {
    sqlx::query_as(include_str!("sql/roles.sql")).bind(collectivite).fetch_all(connection).await
}

/// What a role permits.
///
/// # Errors
/// The database refused.
pub async fn droits(connection: &mut PgConnection, role: i32) -> sqlx::Result<Vec<Permission>> {
    sqlx::query_as(include_str!("sql/role_droits.sql")).bind(role).fetch_all(connection).await
}

/// Makes a role of a collectivité, that permits nothing yet.
///
/// # Errors
/// Every [`RoleError`]; nothing is made then.
pub async fn cree(
    connection: &mut PgConnection,
    auteur: &Auteur,
    collectivite: &str,
    code: &str,
    libelle: &str,
) -> Result<(), RoleError> {
    let libelle = libelle.trim();
    if !est_code(code) {
        return Err(RoleError::Code(court(code)));
    }
    if libelle.is_empty() || libelle.chars().count() > 200 || libelle.contains('\0') {
        return Err(RoleError::Libelle);
    }
    let mut transaction = connection.begin().await?;
    let id = cle_collectivite(&mut transaction, collectivite).await?;
    // A delivered role of the same code would be mistaken for it.
    let fait: Option<i32> = sqlx::query_scalar(include_str!("sql/role_creer.sql"))
        .bind(code)
        .bind(libelle)
        .bind(id)
        .fetch_optional(&mut *transaction)
        .await?;
    fait.ok_or_else(|| RoleError::Pris(code.to_owned()))?;
    acte(&mut transaction, auteur, "creer", (collectivite, code), &json!({ "libelle": libelle })).await?;
    transaction.commit().await?;
    Ok(())
}

/// Gives a right to a role of a collectivité. `objets` are those that rights may name.
///
/// # Errors
/// Every [`RoleError`]; nothing is changed then.
pub async fn permet(
    connection: &mut PgConnection,
    auteur: &Auteur,
    (collectivite, code): (&str, &str),
    demande: &Demande<'_>,
    objets: &[&'static Objet],
) -> Result<(), RoleError> {
    let objet = objets.iter().find(|objet| objet.nom == demande.objet).ok_or_else(|| RoleError::Objet {
        objet: court(demande.objet),
        connus: objets.iter().map(|objet| objet.nom).collect::<Vec<_>>().join(", "),
    })?;
    let action = Action::parse(demande.action).ok_or_else(|| RoleError::Action(court(demande.action)))?;
    if let Some(lignes) = demande.lignes {
        if lignes.len() > MAX_LIGNES {
            return Err(RoleError::LignesLongues);
        }
        verifie_lignes(objet, lignes)?;
    }
    if let Some(champ) = demande.champs.into_iter().flatten().find(|champ| objet.champ(champ).is_none()) {
        return Err(RoleError::Champ { champ: court(champ), objet: objet.nom });
    }
    let juste = if action == Action::Nominatif { (1..=3).contains(&demande.niveau) } else { demande.niveau == 0 };
    if !juste {
        return Err(RoleError::Niveau);
    }
    let mut transaction = connection.begin().await?;
    let role = propre(&mut transaction, collectivite, code).await?;
    sqlx::query(include_str!("sql/droit_donner.sql"))
        .bind(role)
        .bind(objet.nom)
        .bind(action.code())
        .bind(demande.lignes)
        .bind(demande.champs)
        .bind(i16::from(demande.niveau))
        .execute(&mut *transaction)
        .await?;
    let details = json!({
        "objet": objet.nom,
        "action": action.code(),
        "lignes": demande.lignes,
        "champs": demande.champs,
        "niveau": demande.niveau,
    });
    acte(&mut transaction, auteur, "permettre", (collectivite, code), &details).await?;
    transaction.commit().await?;
    Ok(())
}

/// Withdraws from a role of a collectivité every right of this action on this object.
///
/// # Errors
/// Every [`RoleError`]; nothing is changed then.
pub async fn interdit(
    connection: &mut PgConnection,
    auteur: &Auteur,
    (collectivite, code): (&str, &str),
    (objet, action): (&str, &str),
) -> Result<(), RoleError> {
    let mut transaction = connection.begin().await?;
    let role = propre(&mut transaction, collectivite, code).await?;
    let retires = sqlx::query("delete from acces.droit where role = $1 and objet = $2 and action = $3")
        .bind(role)
        .bind(objet)
        .bind(action)
        .execute(&mut *transaction)
        .await?;
    if retires.rows_affected() == 0 {
        return Err(RoleError::Absent { action: court(action), objet: court(objet) });
    }
    let details = json!({ "objet": objet, "action": action });
    acte(&mut transaction, auteur, "interdire", (collectivite, code), &details).await?;
    transaction.commit().await?;
    Ok(())
}

async fn cle_collectivite(connection: &mut PgConnection, code: &str) -> Result<CollectiviteId, RoleError> {
    let id = sqlx::query_scalar("select id from acces.collectivite where code = $1")
        .bind(code)
        .fetch_optional(connection)
        .await?;
    id.ok_or_else(|| RoleError::Collectivite(court(code)))
}

/// The role of that code that this collectivité has for itself.
async fn propre(connection: &mut PgConnection, collectivite: &str, code: &str) -> Result<i32, RoleError> {
    let id = cle_collectivite(connection, collectivite).await?;
    let role = sqlx::query_scalar("select id from acces.role where collectivite = $1 and code = $2 for update")
        .bind(id)
        .bind(code)
        .fetch_optional(connection)
        .await?;
    role.ok_or_else(|| RoleError::Inconnu(court(code)))
}

async fn acte(
    connection: &mut PgConnection,
    auteur: &Auteur,
    action: &str,
    (collectivite, code): (&str, &str),
    details: &serde_json::Value,
) -> Result<(), JournalError> {
    let cle = format!("{collectivite}/{code}");
    journal::acte(connection, auteur, &Fait { action, objet: "role", cle: Some(&cle), details }).await
}

fn court(texte: &str) -> String {
    texte.chars().filter(|lettre| !lettre.is_control()).take(60).collect()
}

fn est_code(code: &str) -> bool {
    (2..=40).contains(&code.len())
        && code.starts_with(|lettre: char| lettre.is_ascii_lowercase())
        && code.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'_')
}
