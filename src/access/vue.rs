//! « Voir comme » : a session that shows what another account may see, and does nothing.

use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use thiserror::Error;
use uuid::Uuid;

use super::droits::catalogue::ATTRIBUTION;
use super::droits::{Action, Perimetre};
use super::identite::{Identite, Porteur, Refus};
use super::journal::{self, Auteur, Fait, JournalError};
use crate::db::{Canal, CollectiviteId};

/// Why a view was not opened or closed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VueError {
    /// The right to is missing.
    #[error(transparent)]
    Refus(#[from] Refus),
    /// A token is no session.
    #[error("« Voir comme » se fait dans un navigateur : un jeton n'y a pas accès")]
    SansSession,
    /// A view within a view.
    #[error("revenez d'abord à votre compte")]
    Deja,
    /// No view is open.
    #[error("aucune vue « comme » un autre compte n'est ouverte")]
    Aucune,
    /// One manages accounts of some communes only.
    #[error("« Voir comme » est ouvert à qui gère les comptes de tout le territoire")]
    Perimetre,
    /// One's own account.
    #[error("c'est votre propre compte")]
    SoiMeme,
    /// No such account that acts for this collectivité.
    #[error("aucun compte de cette collectivité ne répond à cette demande")]
    Inconnu,
    /// The journal refused, and so nothing was done.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database refused.
    #[error("la base a refusé : {}", crate::db::dit(.0))]
    Base(#[from] sqlx::Error),
}

/// Opens a view: `identite` sees what `compte` may see for the collectivité of this code. Its opening is an act.
///
/// # Errors
/// Every [`VueError`]; nothing is opened then.
pub async fn ouvre(
    connection: &mut PgConnection,
    identite: &Identite,
    compte: Uuid,
    collectivite: &str,
) -> Result<(), VueError> {
    let Porteur::Session { id: session, .. } = identite.porteur else { return Err(VueError::SansSession) };
    if identite.vue_comme.is_some() {
        return Err(VueError::Deja);
    }
    if !identite.administrateur {
        let perimetre = identite.droit(&ATTRIBUTION, Action::Creer)?.perimetre();
        // Another collectivité is as none.
        if identite.collectivite.as_ref().is_none_or(|mienne| mienne.code != collectivite) {
            return Err(VueError::Inconnu);
        }
        // The other account may see where one does not manage.
        if perimetre != Perimetre::Partout {
            return Err(VueError::Perimetre);
        }
    }
    if identite.compte.id == compte {
        return Err(VueError::SoiMeme);
    }
    let mut transaction = connection.begin().await?;
    let vu: Option<(CollectiviteId, String)> = sqlx::query_as(include_str!("sql/vue_ouvrir.sql"))
        .bind(session)
        .bind(compte)
        .bind(collectivite)
        .bind(identite.compte.id)
        .fetch_optional(&mut *transaction)
        .await?;
    let (chez, email) = vu.ok_or(VueError::Inconnu)?;
    acte(&mut transaction, identite, "voir_comme", chez, &email).await?;
    transaction.commit().await?;
    Ok(())
}

/// Closes the view: the session is again what it was.
///
/// # Errors
/// No view is open, or the database refused.
pub async fn ferme(connection: &mut PgConnection, identite: &Identite) -> Result<(), VueError> {
    let Porteur::Session { id: session, .. } = identite.porteur else { return Err(VueError::SansSession) };
    let mut transaction = connection.begin().await?;
    let vu: Option<(CollectiviteId, String)> = sqlx::query_as(include_str!("sql/vue_fermer.sql"))
        .bind(session)
        .bind(identite.compte.id)
        .fetch_optional(&mut *transaction)
        .await?;
    let (chez, email) = vu.ok_or(VueError::Aucune)?;
    acte(&mut transaction, identite, "fin_voir_comme", chez, &email).await?;
    transaction.commit().await?;
    Ok(())
}

async fn acte(
    connection: &mut PgConnection,
    identite: &Identite,
    action: &str,
    chez: CollectiviteId,
    email: &str,
) -> Result<(), JournalError> {
    let auteur = Auteur { utilisateur: Some(identite.compte.id), collectivite: Some(chez), canal: Canal::Page };
    let fait = Fait { action, objet: "utilisateur", cle: Some(email), details: &json!({}) };
    journal::acte(connection, &auteur, &fait).await
}
