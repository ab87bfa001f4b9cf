//! `/administration`: accounts of the installation and the roles of each, for its administrators.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::roles::{Champs, probleme};
use super::{cadre, page_agent};
use crate::access::attributions::{self, Pouvoir};
use crate::access::journal::Auteur;
use crate::access::{collectivites, comptes, roles};
use crate::db::Canal;
use crate::http::body::Form;
use crate::http::problem::Problem;
use crate::http::qui::Compte;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::{AdministrationPage, CompteAdministrePage, Faute, SaisieCompte, SaisieRole};

/// Longest form.
const MAX_FORM: usize = 64 << 10;

/// Adds these routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/administration", Audience::Administration, home)
        .get("/administration/comptes/{utilisateur}", Audience::Administration, account)
        .form("/administration/comptes/{utilisateur}/roles", Audience::Administration, MAX_FORM, grant)
        .form("/administration/attributions/{id}/retirer", Audience::Administration, 1024, revoke)
}

/// Accounts, and how many collectivités.
///
/// # Errors
/// 503 when the database is away.
pub async fn home(State(app): State<App>) -> Result<Response, Problem> {
    listed(&app, StatusCode::OK, &SaisieCompte::default(), &Faute::default()).await
}

/// The list, with the form that makes an account as it was filled.
pub(super) async fn listed(
    app: &App,
    status: StatusCode,
    saisie: &SaisieCompte,
    faute: &Faute,
) -> Result<Response, Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    let comptes = comptes::liste(&mut connection).await?;
    let nombre = collectivites::liste(&mut connection).await?.len();
    let titre = if faute.phrase().is_some() { "Compte refusé, administration" } else { "Administration" };
    let frame = cadre(app, "/administration", titre);
    page_agent(status, &AdministrationPage::new(frame, comptes, nombre, saisie, faute))
}

/// An account and its roles.
///
/// # Errors
/// 404 for an unknown account.
pub async fn account(State(app): State<App>, Path(utilisateur): Path<String>) -> Result<Response, Problem> {
    shown(&app, StatusCode::OK, &utilisateur, &SaisieRole::default(), &Faute::default()).await
}

/// Gives a role; a refusal gives the form back as it was filled.
///
/// # Errors
/// 404 for an unknown account.
pub async fn grant(
    State(app): State<App>,
    Compte(connu): Compte,
    Path(utilisateur): Path<String>,
    Form(champs): Form<Champs>,
) -> Result<Response, Problem> {
    let id = utilisateur.parse::<Uuid>().map_err(|_| unknown())?;
    let mut connection = app.acces().pool().acquire().await?;
    let compte =
        comptes::liste(&mut connection).await?.into_iter().find(|compte| compte.id == id).ok_or_else(unknown)?;
    let saisie = SaisieRole { email: compte.email, ..champs.saisie() };
    let auteur = Auteur { utilisateur: Some(connu.compte.id), collectivite: None, canal: Canal::Page };
    let given = super::roles::give(&mut connection, &Pouvoir::Administration(auteur), &saisie).await;
    drop(connection);
    match given {
        Ok(()) => {
            app.acces().oublie();
            Ok(Redirect::to(&format!("/administration/comptes/{id}")).into_response())
        }
        Err(faute) => shown(&app, StatusCode::UNPROCESSABLE_ENTITY, &utilisateur, &saisie, &faute?).await,
    }
}

/// To which account one goes back.
#[derive(Debug, Deserialize)]
pub struct Retour {
    utilisateur: Uuid,
}

/// Withdraws a role.
///
/// # Errors
/// 404 when it is not held.
pub async fn revoke(
    State(app): State<App>,
    Compte(connu): Compte,
    Path(id): Path<String>,
    Form(Retour { utilisateur }): Form<Retour>,
) -> Result<Response, Problem> {
    let auteur = Auteur { utilisateur: Some(connu.compte.id), collectivite: None, canal: Canal::Page };
    let mut connection = app.acces().pool().acquire().await?;
    let id = id.parse::<i64>().map_err(|_| unknown())?;
    attributions::retire(&mut connection, &Pouvoir::Administration(auteur), id).await.map_err(probleme)?;
    app.acces().oublie();
    Ok(Redirect::to(&format!("/administration/comptes/{utilisateur}")).into_response())
}

async fn shown(
    app: &App,
    status: StatusCode,
    utilisateur: &str,
    saisie: &SaisieRole,
    faute: &Faute,
) -> Result<Response, Problem> {
    let id = utilisateur.parse::<Uuid>().map_err(|_| unknown())?;
    let mut connection = app.acces().pool().acquire().await?;
    let compte =
        comptes::liste(&mut connection).await?.into_iter().find(|compte| compte.id == id).ok_or_else(unknown)?;
    let tenues = attributions::liste(&mut connection, None, Some(id)).await?;
    let ouvertes = collectivites::liste(&mut connection).await?;
    let ouvertes = ouvertes.into_iter().filter(|une| une.fermee_le.is_none()).map(|une| (une.code, une.nom)).collect();
    let donnables = roles::liste(&mut connection, None).await?;
    let donnables = donnables.into_iter().map(|role| match &role.collectivite {
        Some(code) => (role.code, format!("{} (propre à {code})", role.libelle)),
        None => (role.code, role.libelle),
    });
    let frame = cadre(app, "/administration", compte.nom.clone());
    page_agent(status, &CompteAdministrePage::new(frame, compte, tenues, ouvertes, donnables.collect(), saisie, faute))
}

pub(super) fn unknown() -> Problem {
    Problem::not_found("Aucun compte de ce nom ; la liste est à la page « Administration ».")
}
