//! Signing in by a password. What does not let in says one thing and costs one digest, whatever its cause.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::Acces;
use super::essai::{Cle, Verdict, reserve};
use super::journal::Auteur;
use super::mot_de_passe::perimee;
use super::session::{self, Origine};
use super::utilisateur::{self, CompteError};
use crate::db::Canal;

/// What a sign-in gives.
#[derive(Debug)]
pub enum Entree {
    /// A session, whose secret goes to the browser.
    Ouverte(String),
    /// Wrong password, unknown, closed or locked account: nobody is told which.
    Refusee,
    /// Too many failures from this address.
    Attendre(Duration),
}

/// Who tries.
#[derive(Debug, Clone)]
pub struct Visiteur {
    /// Network address.
    pub ip: IpAddr,
    /// Browser and system, in short.
    pub poste: Option<String>,
    /// The session that the browser already had: it ends.
    pub session: Option<(Uuid, Uuid)>,
}

#[derive(Debug, sqlx::FromRow)]
struct Connu {
    id: Uuid,
    mot_de_passe: Option<String>,
    actif: bool,
}

/// Signs in by e-mail and password.
///
/// # Errors
/// The database refused, or too many passwords are being looked at.
pub async fn par_mot_de_passe(
    acces: &Acces,
    email: &str,
    mot_de_passe: &str,
    visiteur: &Visiteur,
) -> Result<Entree, CompteError> {
    let email = email.trim().to_lowercase();
    let essai = match reserve(acces.pool(), &[Cle::reseau(visiteur.ip), Cle::compte(&email)]).await? {
        Verdict::ReseauBloque(attente) => return Ok(Entree::Attendre(attente)),
        Verdict::CompteBloque(_) => {
            tracing::warn!(ip = %visiteur.ip, "connexion à un compte bloqué par des essais manqués");
            None
        }
        Verdict::Admis(essai) => Some(essai),
    };
    let connu: Option<Connu> =
        sqlx::query_as(include_str!("sql/entree_compte.sql")).bind(&email).fetch_optional(acces.pool()).await?;
    let (id, empreinte) = match connu {
        Some(Connu { id, mot_de_passe: Some(empreinte), actif: true }) if essai.is_some() => {
            (Some(id), Some(empreinte))
        }
        _ => (None, None),
    };
    let juste = acces.hacheur().verifie(mot_de_passe, empreinte.clone()).await?;
    let (Some(id), Some(essai), true) = (id, essai, juste) else { return Ok(Entree::Refusee) };
    essai.reussi(acces.pool()).await?;
    if empreinte.is_some_and(|empreinte| perimee(&empreinte)) {
        let neuve = acces.hacheur().hache(mot_de_passe).await?;
        sqlx::query(include_str!("sql/utilisateur_mot_de_passe.sql"))
            .bind(id)
            .bind(neuve)
            .execute(acces.pool())
            .await?;
    }
    let origine = Origine { poste: visiteur.poste.clone(), ..Origine::default() };
    Ok(Entree::Ouverte(entre(acces, id, "mot_de_passe", &origine, visiteur).await?))
}

/// Opens the session of an account that proved who it is, and ends the one that the browser had.
///
/// # Errors
/// The database refused.
pub async fn entre(
    acces: &Acces,
    id: Uuid,
    moyen: &str,
    origine: &Origine,
    visiteur: &Visiteur,
) -> Result<String, CompteError> {
    let mut transaction = acces.pool().begin().await?;
    if let Some((utilisateur, session)) = visiteur.session {
        sqlx::query(include_str!("sql/session_fermer.sql"))
            .bind(session)
            .bind(utilisateur)
            .execute(&mut *transaction)
            .await?;
    }
    let secret = session::ouvre(&mut transaction, id, origine).await?;
    sqlx::query(include_str!("sql/utilisateur_vu.sql")).bind(id).execute(&mut *transaction).await?;
    let auteur = Auteur { utilisateur: Some(id), collectivite: None, canal: Canal::Page };
    utilisateur::ecrit(&mut transaction, &auteur, "connexion", id, &json!({ "moyen": moyen })).await?;
    transaction.commit().await?;
    acces.oublie();
    Ok(secret)
}

/// Ends a session at its owner's wish.
///
/// # Errors
/// The database refused.
pub async fn sort(acces: &Acces, utilisateur: Uuid, id: Uuid) -> Result<Option<session::Fermee>, CompteError> {
    let mut transaction = acces.pool().begin().await?;
    let fermee = sqlx::query_as(include_str!("sql/session_fermer.sql"))
        .bind(id)
        .bind(utilisateur)
        .fetch_optional(&mut *transaction)
        .await?;
    let auteur = Auteur { utilisateur: Some(utilisateur), collectivite: None, canal: Canal::Page };
    utilisateur::ecrit(&mut transaction, &auteur, "deconnexion", utilisateur, &json!({})).await?;
    transaction.commit().await?;
    acces.oublie();
    Ok(fermee)
}
