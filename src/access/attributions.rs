//! Roles held by accounts for collectivités: who gives them, who withdraws them, and their review.
//!
//! An administrator does so everywhere. A holder of the right on « attribution » (the role « gestionnaire ») does so for its
//! own collectivité, in the communes where it holds that right, and never gives itself what it has not.

use serde::Serialize;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::droits::catalogue::ATTRIBUTION;
use super::droits::{Action, Octroi, Perimetre};
use super::identite::{Identite, Refus};
use super::journal::{self, Auteur, Fait, Finalite, JournalError};
use super::roles::{self, Permission};
use crate::db::{Canal, CollectiviteId};

/// Communes named by one holding.
const MAX_COMMUNES: usize = 1_000;
/// Purposes named by one holding.
const MAX_FINALITES: usize = 20;

/// Why a role was not given or withdrawn.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AttributionError {
    /// The right to is missing.
    #[error(transparent)]
    Refus(#[from] Refus),
    /// No such account, or a closed one.
    #[error("aucun compte actif n'a l'adresse « {0} » ; un administrateur le crée d'abord")]
    Utilisateur(String),
    /// No such role for this collectivité.
    #[error("« {0} » n'est pas un rôle de cette collectivité ; « finage role list » les donne")]
    Role(String),
    /// No such collectivité, or a closed one.
    #[error("aucune collectivité ouverte n'a le code « {0} » ; « finage collectivite list » les donne")]
    Collectivite(String),
    /// A commune outside of the territory.
    #[error("la commune « {0} » n'est pas du territoire de la collectivité")]
    Commune(String),
    /// More communes than a holding names.
    #[error("un rôle se limite à {MAX_COMMUNES} communes au plus ; sans liste, il vaut pour tout le territoire")]
    Communes,
    /// Communes that who gives has not.
    #[error("vous ne gérez les comptes que pour les communes {0} : le rôle doit s'y limiter")]
    Perimetre(String),
    /// Not a purpose.
    #[error(transparent)]
    Finalite(#[from] journal::FinaliteError),
    /// More purposes than a holding names.
    #[error("un rôle déclare {MAX_FINALITES} finalités au plus")]
    Finalites,
    /// Nominative data without a purpose.
    #[error("ce rôle voit des données nominatives : déclarez au moins une finalité, sans quoi il n'en verra aucune")]
    SansFinalite,
    /// The end is not after the beginning, or is past.
    #[error("la fin doit être après le début et après aujourd'hui : c'est le premier jour où le rôle n'est plus tenu")]
    Dates,
    /// Held already, in the same way.
    #[error("ce compte tient déjà ce rôle sur cette période ; retirez-le d'abord pour le changer")]
    Deja,
    /// A role for oneself, beyond what one has.
    #[error("vous ne pouvez pas vous donner un droit que vous n'avez pas ; demandez à un administrateur")]
    SoiMeme,
    /// No such holding.
    #[error("ce rôle n'est pas, ou n'est plus, attribué")]
    Inconnue,
    /// The journal refused, and so nothing was done.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

impl AttributionError {
    /// The field of a form that is at fault; none when it is not one.
    #[must_use]
    pub fn champ(&self) -> Option<&'static str> {
        match self {
            Self::Utilisateur(_) => Some("email"),
            Self::Role(_) | Self::Deja | Self::SoiMeme => Some("role"),
            Self::Commune(_) | Self::Communes | Self::Perimetre(_) => Some("communes"),
            Self::Finalite(_) | Self::Finalites | Self::SansFinalite => Some("finalites"),
            Self::Dates => Some("au"),
            _ => None,
        }
    }
}

/// Who gives and withdraws: where, and with what authority.
#[derive(Debug, Clone, Copy)]
pub enum Pouvoir<'a> {
    /// The command line, or an administrator: everywhere.
    Administration(Auteur),
    /// A holder of the right on « attribution », for the collectivité it acts for.
    Gestion(&'a Identite, Canal),
}

impl<'a> Pouvoir<'a> {
    fn auteur(&self) -> Result<Auteur, Refus> {
        Ok(match self {
            Self::Administration(auteur) => *auteur,
            Self::Gestion(identite, canal) => Auteur::from(&identite.acteur(*canal)?),
        })
    }

    /// Where it may act on this collectivité; what belongs to another is unknown.
    fn perimetre(&self, collectivite: CollectiviteId, action: Action) -> Result<Perimetre, AttributionError> {
        match self {
            Self::Administration(_) => Ok(Perimetre::Partout),
            Self::Gestion(identite, canal) => {
                if identite.acteur(*canal)?.collectivite != collectivite {
                    return Err(AttributionError::Inconnue);
                }
                Ok(identite.droit(&ATTRIBUTION, action)?.perimetre())
            }
        }
    }

    /// The account that acts for itself, if it acts under rights.
    fn gestionnaire(&self) -> Option<&'a Identite> {
        match self {
            Self::Administration(_) => None,
            Self::Gestion(identite, _) => Some(identite),
        }
    }
}

/// A role to be given.
#[derive(Debug, Clone, Copy)]
pub struct Demande<'a> {
    /// E-mail of the account.
    pub email: &'a str,
    /// Code of the role.
    pub role: &'a str,
    /// Code of the collectivité.
    pub collectivite: &'a str,
    /// Communes where it is held; none for the whole territory.
    pub communes: Option<&'a [String]>,
    /// Purposes declared.
    pub finalites: &'a [String],
    /// First day; none for today.
    pub du: Option<Date>,
    /// First day on which it is no longer held.
    pub au: Option<Date>,
}

/// A role held, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "a row of a list: each is a mark of its own")]
pub struct Attribution {
    /// Key.
    pub id: i64,
    /// Account.
    pub utilisateur: Uuid,
    /// Its e-mail.
    pub email: String,
    /// Its name.
    pub nom: String,
    /// Whether the account is open.
    pub actif: bool,
    /// Code of the role.
    pub role: String,
    /// Name of the role.
    pub role_libelle: String,
    /// Code of the collectivité.
    pub collectivite: String,
    /// Communes where it is held; none for the whole territory.
    pub communes: Option<Vec<String>>,
    /// Purposes declared.
    pub finalites: Vec<String>,
    /// First day.
    pub du: Date,
    /// First day on which it is no longer held.
    pub au: Option<Date>,
    /// Whether it is held today.
    pub en_cours: bool,
    /// E-mail of who gave it.
    pub cree_par: Option<String>,
    /// When the account was last seen.
    #[serde(with = "time::serde::rfc3339::option")]
    pub vu_le: Option<OffsetDateTime>,
    /// Whether it ends within thirty days.
    pub expire_bientot: bool,
    /// Whether the account never came since it was given, more than a month ago.
    pub jamais_servie: bool,
    /// Whether the account has not been seen for six months, or ever.
    pub compte_absent: bool,
}

/// Gives a role; answers the key of the holding.
///
/// # Errors
/// Every [`AttributionError`]; nothing is given then.
pub async fn donne(
    connection: &mut PgConnection,
    pouvoir: &Pouvoir<'_>,
    demande: &Demande<'_>,
) -> Result<i64, AttributionError> {
    let finalites = finalites(demande.finalites)?;
    if demande.communes.is_some_and(|communes| communes.is_empty() || communes.len() > MAX_COMMUNES) {
        return Err(AttributionError::Communes);
    }
    let auteur = pouvoir.auteur()?;
    let mut transaction = connection.begin().await?;
    let collectivite: Option<CollectiviteId> = sqlx::query_scalar(include_str!("sql/collectivite_ouverte.sql"))
        .bind(demande.collectivite)
        .fetch_optional(&mut *transaction)
        .await?;
    let collectivite = collectivite.ok_or_else(|| AttributionError::Collectivite(court(demande.collectivite)))?;
    let perimetre = pouvoir.perimetre(collectivite, Action::Creer)?;
    if let Perimetre::Communes(miennes) = &perimetre
        && !perimetre.couvre(demande.communes)
    {
        return Err(AttributionError::Perimetre(miennes.join(", ")));
    }
    let email = demande.email.trim().to_lowercase();
    let utilisateur: Option<Uuid> = sqlx::query_scalar(include_str!("sql/utilisateur_actif.sql"))
        .bind(&email)
        .fetch_optional(&mut *transaction)
        .await?;
    let utilisateur = utilisateur.ok_or_else(|| AttributionError::Utilisateur(court(demande.email)))?;
    let role: Option<i32> = sqlx::query_scalar(include_str!("sql/role_donnable.sql"))
        .bind(collectivite)
        .bind(demande.role)
        .fetch_optional(&mut *transaction)
        .await?;
    let role = role.ok_or_else(|| AttributionError::Role(court(demande.role)))?;
    let permissions = roles::droits(&mut transaction, role).await?;
    if finalites.is_empty() && permissions.iter().any(|droit| droit.action == Action::Nominatif.code()) {
        return Err(AttributionError::SansFinalite);
    }
    if let Some(identite) = pouvoir.gestionnaire()
        && identite.compte.id == utilisateur
        && !permissions.iter().all(|droit| deja(identite.droits.octrois(), droit, demande.communes, &finalites))
    {
        return Err(AttributionError::SoiMeme);
    }
    let ailleurs: Option<String> = sqlx::query_scalar(include_str!("sql/commune_hors_territoire.sql"))
        .bind(collectivite)
        .bind(demande.communes.unwrap_or_default())
        .fetch_optional(&mut *transaction)
        .await?;
    if let Some(insee) = ailleurs {
        return Err(AttributionError::Commune(court(&insee)));
    }
    let aujourdhui: Date = sqlx::query_scalar("select core.jour('')").fetch_one(&mut *transaction).await?;
    let du = demande.du.unwrap_or(aujourdhui);
    if demande.au.is_some_and(|au| au <= du || au <= aujourdhui) {
        return Err(AttributionError::Dates);
    }
    let id: Option<i64> = sqlx::query_scalar(include_str!("sql/attribution_donner.sql"))
        .bind(utilisateur)
        .bind(role)
        .bind(collectivite)
        .bind(demande.communes)
        .bind(&finalites)
        .bind(du)
        .bind(demande.au)
        .bind(auteur.utilisateur)
        .fetch_optional(&mut *transaction)
        .await?;
    let id = id.ok_or(AttributionError::Deja)?;
    let details = json!({
        "compte": email,
        "role": demande.role,
        "communes": demande.communes,
        "finalites": finalites,
        "du": du,
        "au": demande.au,
    });
    acte(&mut transaction, (auteur, collectivite), "donner", id, &details).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Withdraws a role today; what was never held is erased, the journal keeps that it was given.
///
/// # Errors
/// It is not held, or not within reach.
pub async fn retire(connection: &mut PgConnection, pouvoir: &Pouvoir<'_>, id: i64) -> Result<(), AttributionError> {
    let auteur = pouvoir.auteur()?;
    let mut transaction = connection.begin().await?;
    let tenue: Option<(CollectiviteId, Option<Vec<String>>, String, String)> =
        sqlx::query_as(include_str!("sql/attribution_tenue.sql")).bind(id).fetch_optional(&mut *transaction).await?;
    let (collectivite, communes, email, role) = tenue.ok_or(AttributionError::Inconnue)?;
    let perimetre = pouvoir.perimetre(collectivite, Action::Changer)?;
    if let Perimetre::Communes(miennes) = &perimetre
        && !perimetre.couvre(communes.as_deref())
    {
        return Err(AttributionError::Perimetre(miennes.join(", ")));
    }
    let jamais = sqlx::query("delete from acces.attribution where id = $1 and du >= core.jour('')")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    if jamais.rows_affected() == 0 {
        sqlx::query("update acces.attribution set au = core.jour('') where id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
    }
    acte(&mut transaction, (auteur, collectivite), "retirer", id, &json!({ "compte": email, "role": role })).await?;
    transaction.commit().await?;
    Ok(())
}

/// Every role held or to be held, of a collectivité or of all, and of an account or of all.
///
/// # Errors
/// The database refused.
pub async fn liste(
    connection: &mut PgConnection,
    collectivite: Option<CollectiviteId>,
    utilisateur: Option<Uuid>,
) -> sqlx::Result<Vec<Attribution>> {
    sqlx::query_as(include_str!("sql/attributions.sql"))
        .bind(collectivite)
        .bind(utilisateur)
        .fetch_all(connection)
        .await
}

/// Whether these rights hold this one, where and for what it is asked.
fn deja(octrois: &[Octroi], droit: &Permission, communes: Option<&[String]>, finalites: &[String]) -> bool {
    octrois.iter().any(|octroi| {
        octroi.objet == droit.objet
            && octroi.action == droit.action
            && (octroi.lignes.is_none() || octroi.lignes == droit.lignes)
            && octroi.niveau >= droit.niveau
            && couvre(octroi.champs.as_deref(), droit.champs.as_deref())
            && couvre(octroi.communes.as_deref(), communes)
            && finalites.iter().all(|finalite| octroi.finalites.contains(finalite))
    })
}

/// Whether a list, none being everything, has all that the other has.
fn couvre(tenu: Option<&[String]>, demande: Option<&[String]>) -> bool {
    match (tenu, demande) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(tenu), Some(demande)) => demande.iter().all(|un| tenu.contains(un)),
    }
}

fn finalites(noms: &[String]) -> Result<Vec<String>, AttributionError> {
    if noms.len() > MAX_FINALITES {
        return Err(AttributionError::Finalites);
    }
    let mut lues = Vec::new();
    for nom in noms {
        let finalite = Finalite::parse(nom)?;
        if !lues.iter().any(|lue| lue == finalite.nom()) {
            lues.push(finalite.nom().to_owned());
        }
    }
    Ok(lues)
}

/// The act is told to the collectivité it concerns, whoever does it.
async fn acte(
    connection: &mut PgConnection,
    (auteur, collectivite): (Auteur, CollectiviteId),
    action: &str,
    id: i64,
    details: &serde_json::Value,
) -> Result<(), JournalError> {
    let auteur = Auteur { collectivite: Some(collectivite), ..auteur };
    let fait = Fait { action, objet: ATTRIBUTION.nom, cle: Some(&id.to_string()), details };
    journal::acte(connection, &auteur, &fait).await
}

fn court(texte: &str) -> String {
    texte.chars().filter(|lettre| !lettre.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octroi(communes: Option<&[&str]>) -> Octroi {
        Octroi {
            role: "agent".into(),
            objet: "annotation".into(),
            action: "lire".into(),
            lignes: None,
            champs: Some(vec!["titre".into(), "texte".into()]),
            niveau: 1,
            communes: communes.map(|codes| codes.iter().map(|code| (*code).to_owned()).collect()),
            finalites: vec!["urbanisme".into()],
        }
    }

    #[test]
    fn what_one_has_already_is_no_raise_and_all_else_is() {
        let droit = Permission {
            objet: "annotation".into(),
            action: "lire".into(),
            lignes: Some("titre = 'a'".into()),
            champs: Some(vec!["titre".into()]),
            niveau: 1,
        };
        let ici = ["13004".to_owned()];
        let moi = [octroi(Some(&["13004"]))];
        assert!(deja(&moi, &droit, Some(&ici), &["urbanisme".to_owned()]));
        assert!(!deja(&moi, &droit, None, &[]), "everywhere");
        assert!(!deja(&moi, &droit, Some(&["13001".to_owned()]), &[]), "elsewhere");
        assert!(!deja(&moi, &droit, Some(&ici), &["cimetiere".to_owned()]), "another purpose");
        for plus in [
            Permission { action: "changer".into(), ..droit.clone() },
            Permission { objet: "personne".into(), ..droit.clone() },
            Permission { niveau: 2, ..droit.clone() },
            Permission { champs: None, ..droit.clone() },
            Permission { champs: Some(vec!["geom".into()]), ..droit.clone() },
        ] {
            assert!(!deja(&moi, &plus, Some(&ici), &[]), "{plus:?}");
        }
        assert!(deja(&[octroi(None)], &droit, None, &[]));
        let filtre = [Octroi { lignes: Some("titre = 'b'".into()), ..octroi(None) }];
        assert!(!deja(&filtre, &droit, None, &[]), "another filter");
    }
}
