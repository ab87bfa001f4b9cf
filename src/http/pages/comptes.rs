//! `/administration/comptes`: an account made and invited, closed, opened again. Administrators are made on the command line.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::administration::{listed, unknown};
use crate::access::journal::Auteur;
use crate::access::lien::{self, Genre};
use crate::access::utilisateur::{self, CompteError};
use crate::db::Canal;
use crate::http::body::Form;
use crate::http::poste::PosteSur;
use crate::http::problem::Problem;
use crate::http::qui::Compte;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::{Faute, SaisieCompte};

/// Longest form.
const MAX_FORM: usize = 4 << 10;

/// Adds these routes.
pub fn routes(routes: Routes) -> Routes {
    use Audience::Administration;
    routes
        .form("/administration/comptes", Administration, MAX_FORM, create)
        .form("/administration/comptes/{utilisateur}/etat", Administration, MAX_FORM, close_or_open)
        .form("/administration/comptes/{utilisateur}/invitation", Administration, MAX_FORM, invite)
}

/// The account to make.
#[derive(Debug, Deserialize)]
pub struct Champs {
    email: String,
    nom: String,
}

/// Makes an account and writes to its owner; a refusal gives the form back as it was filled.
///
/// # Errors
/// 503 when the database is away.
async fn create(
    State(app): State<App>,
    _: PosteSur,
    Compte(connu): Compte,
    Form(Champs { email, nom }): Form<Champs>,
) -> Result<Response, Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    let made = utilisateur::cree(&mut connection, &auteur(&connu.compte.id), &email, &nom, false).await;
    drop(connection);
    let champ = match &made {
        Err(CompteError::Email(_) | CompteError::Pris(_)) => "email",
        Err(CompteError::Nom) => "nom",
        _ => "",
    };
    match made {
        Ok(id) => {
            send(&app, id).await?;
            Ok(account(id))
        }
        Err(refused) if !champ.is_empty() => {
            let faute = Faute::new(Some(champ), &refused.to_string());
            listed(&app, StatusCode::UNPROCESSABLE_ENTITY, &SaisieCompte { email, nom }, &faute).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the account becomes.
#[derive(Debug, Deserialize)]
pub struct Etat {
    ouvert: bool,
}

/// Closes an account, whose sessions end at once, or opens it again.
///
/// # Errors
/// 404 for an unknown account, 409 for one's own.
async fn close_or_open(
    State(app): State<App>,
    Compte(connu): Compte,
    Path(utilisateur): Path<String>,
    Form(Etat { ouvert }): Form<Etat>,
) -> Result<Response, Problem> {
    let id = utilisateur.parse::<Uuid>().map_err(|_| unknown())?;
    if id == connu.compte.id {
        return Err(Problem::conflict("On ne ferme pas son propre compte : demandez-le à un autre administrateur."));
    }
    let mut connection = app.acces().pool().acquire().await?;
    known(utilisateur::liste(&mut connection).await?, id)?;
    utilisateur::ouvre(&mut connection, &auteur(&connu.compte.id), id, ouvert).await?;
    app.acces().oublie();
    Ok(account(id))
}

/// Writes again to the owner of an account: a link to choose a password.
///
/// # Errors
/// 404 for an unknown account, 409 for a closed one.
async fn invite(State(app): State<App>, _: PosteSur, Path(utilisateur): Path<String>) -> Result<Response, Problem> {
    let id = utilisateur.parse::<Uuid>().map_err(|_| unknown())?;
    send(&app, id).await?;
    Ok(account(id))
}

async fn send(app: &App, id: Uuid) -> Result<(), Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    let compte = known(utilisateur::liste(&mut connection).await?, id)?;
    if !compte.actif {
        return Err(Problem::conflict("Ce compte est fermé ; rouvrez-le avant d'inviter son titulaire."));
    }
    let secret = lien::cree(&mut connection, id, Genre::Invitation).await?;
    drop(connection);
    let (service, url, duree) = (&app.config().portail.nom, app.config().public_url(), Genre::Invitation.duree());
    let text = format!(
        "Bonjour,\n\nUn compte de {service} est à votre nom.\nChoisissez son mot de passe ici ; ce lien sert une fois, pendant {duree} :\n\n{url}/mot-de-passe/{secret}\n"
    );
    app.courrier().envoie(&compte.email, &format!("{service} : votre compte"), &text).await.map_err(|error| {
        tracing::error!(%error, "invitation");
        Problem::busy("Le compte est là, mais le message n'a pas pu partir : vérifiez le réglage [courrier], puis invitez de nouveau depuis sa page.")
    })
}

fn known(comptes: Vec<utilisateur::Utilisateur>, id: Uuid) -> Result<utilisateur::Utilisateur, Problem> {
    comptes.into_iter().find(|compte| compte.id == id).ok_or_else(unknown)
}

fn auteur(id: &Uuid) -> Auteur {
    Auteur { utilisateur: Some(*id), collectivite: None, canal: Canal::Page }
}

fn account(id: Uuid) -> Response {
    Redirect::to(&format!("/administration/comptes/{id}")).into_response()
}
