//! `/voir-comme`: shows what another account may see, and goes back.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::access::vue::{self, VueError};
use crate::http::body::Form;
use crate::http::problem::Problem;
use crate::http::qui::Compte;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;

/// Adds these routes.
pub fn routes(routes: Routes) -> Routes {
    routes.form("/voir-comme", Audience::Personne, 1024, open).form("/voir-comme/fin", Audience::Personne, 1024, close)
}

/// Whom, and for which collectivité.
#[derive(Debug, Deserialize)]
pub struct Champs {
    utilisateur: Uuid,
    collectivite: String,
}

/// Opens the view.
///
/// # Errors
/// 403 without the right, 404 for an account of another collectivité.
pub async fn open(
    State(app): State<App>,
    Compte(connu): Compte,
    Form(Champs { utilisateur, collectivite }): Form<Champs>,
) -> Result<Response, Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    vue::ouvre(&mut connection, &connu, utilisateur, &collectivite).await.map_err(probleme)?;
    app.acces().oublie();
    Ok(Redirect::to("/").into_response())
}

/// Closes the view.
///
/// # Errors
/// 409 when none is open.
pub async fn close(State(app): State<App>, Compte(connu): Compte) -> Result<Response, Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    vue::ferme(&mut connection, &connu).await.map_err(probleme)?;
    app.acces().oublie();
    Ok(Redirect::to("/").into_response())
}

fn probleme(error: VueError) -> Problem {
    match error {
        VueError::Refus(refus) => refus.into(),
        VueError::Inconnu => Problem::not_found("Aucun compte de cette collectivité ne répond à cette demande."),
        VueError::Perimetre => {
            Problem::forbidden("« Voir comme » est ouvert à qui gère les comptes de tout le territoire.")
        }
        VueError::SansSession => Problem::forbidden("« Voir comme » se fait dans un navigateur."),
        VueError::Deja => Problem::conflict("Vous voyez déjà Finage comme un autre : revenez d'abord à votre compte."),
        VueError::Aucune => Problem::conflict("Aucune vue « comme » un autre compte n'est ouverte."),
        VueError::Base(error) => error.into(),
        VueError::Journal(error) => error.into(),
        autre => Problem::unprocessable(format!("{autre}.")),
    }
}
