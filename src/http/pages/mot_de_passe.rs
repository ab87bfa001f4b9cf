//! `/mot-de-passe/oublie` and `/mot-de-passe/{lien}`: a link is asked for, a password is chosen.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::connexion::no_store;
use super::{cadre, page, refused};
use crate::access::essai::{Cle, Verdict, oublie, reserve};
use crate::access::journal::Auteur;
use crate::access::lien::{self, Genre};
use crate::access::mot_de_passe::juge;
use crate::access::utilisateur::{self, CompteError};
use crate::db::Canal;
use crate::http::body::Form;
use crate::http::cookies;
use crate::http::poste::PosteSur;
use crate::http::problem::Problem;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::{MotDePassePage, OubliePage};

const FORM: usize = 8 << 10;

/// Pages of passwords.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/mot-de-passe/oublie", Audience::Ouverte, forgotten)
        .form("/mot-de-passe/oublie", Audience::Ouverte, FORM, ask)
        .get("/mot-de-passe/{lien}", Audience::Ouverte, form)
        .form("/mot-de-passe/{lien}", Audience::Ouverte, FORM, choose)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    email: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    nouveau: String,
    encore: String,
}

async fn forgotten(State(app): State<App>, _: PosteSur) -> Result<Response, Problem> {
    page(StatusCode::OK, &OubliePage::new(cadre(&app, "/connexion", "Mot de passe oublié"), false, None)).map(no_store)
}

/// Writes a link to an open account. Everything that depends on the account is done apart: neither the answer nor its time
/// tells whether there is one.
async fn ask(
    State(app): State<App>,
    PosteSur(poste): PosteSur,
    Form(fields): Form<Asked>,
) -> Result<Response, Problem> {
    let Ok(email) = utilisateur::email(&fields.email) else {
        let told = "Ce n'est pas une adresse électronique : elle s'écrit nom@domaine.";
        let cadre = cadre(&app, "/connexion", "Adresse refusée, mot de passe oublié");
        return page(StatusCode::UNPROCESSABLE_ENTITY, &OubliePage::new(cadre, false, Some(told))).map(no_store);
    };
    match reserve(app.acces().pool(), &[Cle::reseau(poste.ip), Cle::lien(&email)]).await? {
        Verdict::ReseauBloque(wait) => {
            return Err(Problem::too_many("Trop de demandes viennent de votre adresse ; réessayez plus tard.", wait));
        }
        Verdict::CompteBloque(_) => {}
        Verdict::Admis(_) => {
            let app = app.clone();
            tokio::spawn(async move {
                if let Err(error) = send(&app, &email).await {
                    tracing::warn!(%error, "lien de mot de passe");
                }
            });
        }
    }
    page(StatusCode::OK, &OubliePage::new(cadre(&app, "/connexion", "Lien demandé"), true, None)).map(no_store)
}

async fn send(app: &App, email: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut connection = app.acces().pool().acquire().await?;
    let compte = match utilisateur::cherche(&mut connection, email).await {
        Ok(compte) if compte.actif => compte,
        Ok(_) | Err(CompteError::Inconnu(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let secret = lien::cree(&mut connection, compte.id, Genre::Oubli).await?;
    drop(connection);
    let (service, url, duree) = (&app.config().portail.nom, app.config().public_url(), Genre::Oubli.duree());
    let text = format!(
        "Bonjour,\n\nUn nouveau mot de passe a été demandé pour votre compte de {service}.\nChoisissez-le ici ; ce lien sert une fois, pendant {duree} :\n\n{url}/mot-de-passe/{secret}\n\nVous n'avez rien demandé : ne faites rien, votre mot de passe reste le même.\n"
    );
    app.courrier().envoie(&compte.email, &format!("{service} : choisir un mot de passe"), &text).await?;
    Ok(())
}

/// The form, as long as the link serves; to look does not use it up: mail readers look.
async fn form(State(app): State<App>, _: PosteSur, Path(secret): Path<String>) -> Result<Response, Problem> {
    let mut connection = app.acces().pool().acquire().await?;
    let Some(whom) = lien::lit(&mut connection, &secret).await? else { return Ok(ended()) };
    shown(&app, StatusCode::OK, &secret, &whom.email, None)
}

/// Keeps the password, and uses the link up.
async fn choose(
    State(app): State<App>,
    _: PosteSur,
    Path(secret): Path<String>,
    Form(fields): Form<Chosen>,
) -> Result<Response, Problem> {
    let whom = {
        let mut connection = app.acces().pool().acquire().await?;
        lien::lit(&mut connection, &secret).await?
    };
    let Some(whom) = whom else { return Ok(ended()) };
    let wrong = match juge(&fields.nouveau, &[&whom.email, &whom.nom]) {
        Err(faible) => Some(faible.to_string()),
        Ok(()) if fields.nouveau != fields.encore => {
            Some("Les deux mots de passe diffèrent : tapez deux fois le même.".to_owned())
        }
        Ok(()) => None,
    };
    if let Some(wrong) = wrong {
        return shown(&app, StatusCode::UNPROCESSABLE_ENTITY, &secret, &whom.email, Some(&wrong));
    }
    let empreinte = app.acces().hacheur().hache(&fields.nouveau).await.map_err(CompteError::from)?;
    let auteur = Auteur { utilisateur: None, collectivite: None, canal: Canal::Page };
    let mut transaction = app.acces().pool().begin().await?;
    let used = lien::utilise(&mut transaction, &auteur, &secret, &empreinte).await?;
    if used.is_none() {
        return Ok(ended());
    }
    // Whoever holds the link is not kept out by the guesses of another.
    oublie(&mut transaction, &Cle::compte(&whom.email)).await?;
    transaction.commit().await?;
    app.acces().oublie();
    let mut response = no_store(Redirect::to("/connexion?avis=mot-de-passe").into_response());
    cookies::close(response.headers_mut(), app.config());
    Ok(response)
}

fn shown(app: &App, status: StatusCode, secret: &str, email: &str, erreur: Option<&str>) -> Result<Response, Problem> {
    let action = format!("/mot-de-passe/{secret}");
    let titre = if erreur.is_some() { "Mot de passe refusé" } else { "Choisir un mot de passe" };
    page(status, &MotDePassePage::new(cadre(app, "/connexion", titre), &action, email, erreur)).map(no_store)
}

fn ended() -> Response {
    refused(
        StatusCode::NOT_FOUND,
        "Ce lien ne sert plus",
        "Un lien de mot de passe sert une fois, et pendant un temps : celui-ci a servi, a expiré ou comporte une faute.",
        Some(("Demander un autre lien".to_owned(), "/mot-de-passe/oublie".to_owned())),
    )
}
