//! `/compte`: « Mon compte » – collectivité, password, second factor, sessions, tokens.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::connexion::no_store;
use super::second_facteur::codes_once;
use super::{cadre, page};
use crate::access::essai::{Cle, Verdict, reserve};
use crate::access::identite::{Connu, Porteur};
use crate::access::journal::Auteur;
use crate::access::mot_de_passe::juge;
use crate::access::utilisateur::{self, CompteError};
use crate::access::{jeton, second_facteur, session};
use crate::db::Canal;
use crate::http::body::Form;
use crate::http::cookies;
use crate::http::problem::Problem;
use crate::http::qui::Compte;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::portal::{Avoirs, ComptePage, Formule, Message};

const FORM: usize = 8 << 10;

/// « Mon compte » and its forms.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/compte", Audience::Personne, show)
        .form("/compte/collectivite", Audience::Personne, FORM, act_for)
        .form("/compte/mot-de-passe", Audience::Personne, FORM, password)
        .form("/compte/second-facteur", Audience::Personne, FORM, factor)
        .form("/compte/sessions/fermer", Audience::Personne, FORM, close)
        .form("/compte/sessions/autres", Audience::Personne, FORM, close_others)
        .form("/compte/jetons", Audience::Personne, FORM, token)
        .form("/compte/jetons/revoquer", Audience::Personne, FORM, revoke)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Params {
    fait: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActFor {
    collectivite: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Password {
    actuel: String,
    nouveau: String,
    encore: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Factor {
    code: String,
    geste: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Named {
    id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Token {
    libelle: String,
    collectivite: String,
    portee: String,
    jours: String,
}

async fn show(
    State(app): State<App>,
    Compte(connu): Compte,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let avis = match params.fait.as_str() {
        "collectivite" => Some("Vous agissez pour cette collectivité."),
        "session" => Some("La session est fermée."),
        "sessions" => Some("Toutes les autres sessions sont fermées."),
        "jeton" => Some("Le jeton est révoqué."),
        "second-facteur" => Some("Le second facteur est retiré."),
        _ => None,
    };
    shown(&app, StatusCode::OK, &connu, Message { avis, ..Message::default() }).await
}

/// Chooses the collectivité for which this session acts.
async fn act_for(
    State(app): State<App>,
    Compte(connu): Compte,
    Form(fields): Form<ActFor>,
) -> Result<Response, Problem> {
    let chosen = connu.collectivites.iter().find(|une| une.code == fields.collectivite);
    let chosen =
        chosen.ok_or_else(|| Problem::not_found("Votre compte n'agit pour aucune collectivité de ce code."))?;
    session::agit_pour(app.acces().pool(), connu.compte.id, session_id(&connu)?, chosen.id).await?;
    app.acces().oublie();
    Ok(done("collectivite"))
}

/// Changes the password of who knows the present one; every session ends, this one too.
async fn password(
    State(app): State<App>,
    Compte(connu): Compte,
    Form(fields): Form<Password>,
) -> Result<Response, Problem> {
    let compte = &connu.compte;
    let wrong = match juge(&fields.nouveau, &[&compte.email, &compte.nom]) {
        Err(faible) => Some(faible.to_string()),
        Ok(()) if fields.nouveau != fields.encore => {
            Some("Les deux nouveaux mots de passe diffèrent : tapez deux fois le même.".to_owned())
        }
        Ok(()) => None,
    };
    if let Some(wrong) = wrong {
        return refused(&app, &connu, Formule::MotDePasse, &wrong).await;
    }
    let hacheur = app.acces().hacheur();
    let wrong = "Le mot de passe actuel n'est pas le bon, ou trop d'essais ont été manqués.";
    let Verdict::Admis(essai) = reserve(app.acces().pool(), &[Cle::changement(compte.id)]).await? else {
        return refused(&app, &connu, Formule::MotDePasse, wrong).await;
    };
    let known = utilisateur::empreinte(app.acces().pool(), compte.id).await?;
    if !hacheur.verifie(&fields.actuel, known).await.map_err(CompteError::from)? {
        return refused(&app, &connu, Formule::MotDePasse, wrong).await;
    }
    essai.reussi(app.acces().pool()).await?;
    let empreinte = hacheur.hache(&fields.nouveau).await.map_err(CompteError::from)?;
    let mut transaction = app.acces().pool().begin().await?;
    utilisateur::change_mot_de_passe(&mut transaction, &auteur(&connu), compte.id, &empreinte).await?;
    transaction.commit().await?;
    app.acces().oublie();
    let mut response = no_store(Redirect::to("/connexion?avis=mot-de-passe").into_response());
    cookies::close(response.headers_mut(), app.config());
    Ok(response)
}

/// Makes recovery codes anew, or takes the second factor off; either wants a code.
async fn factor(
    State(app): State<App>,
    Compte(connu): Compte,
    Form(fields): Form<Factor>,
) -> Result<Response, Problem> {
    let (acces, coffre, id) = (app.acces(), app.coffre(), connu.compte.id);
    let wrong = "Ce code n'est pas le bon, ou il a déjà servi, ou trop d'essais ont été manqués.";
    match fields.geste.as_str() {
        "codes" => match second_facteur::renouvelle_codes(acces, coffre, id, &fields.code).await? {
            Some(codes) => codes_once(&app, &codes, "/compte"),
            None => refused(&app, &connu, Formule::SecondFacteur, wrong).await,
        },
        "retirer" => {
            if second_facteur::retire(acces, coffre, id, &fields.code).await? {
                Ok(done("second-facteur"))
            } else {
                refused(&app, &connu, Formule::SecondFacteur, wrong).await
            }
        }
        _ => Err(Problem::bad_request("Le formulaire ne dit pas quoi faire du second facteur.")),
    }
}

async fn close(State(app): State<App>, Compte(connu): Compte, Form(fields): Form<Named>) -> Result<Response, Problem> {
    let absent = || Problem::not_found("Cette session n'existe pas, ou elle est déjà fermée.");
    let id = fields.id.parse::<Uuid>().map_err(|_| absent())?;
    session::ferme(app.acces().pool(), connu.compte.id, id).await?.ok_or_else(absent)?;
    app.acces().oublie();
    Ok(done("session"))
}

async fn close_others(State(app): State<App>, Compte(connu): Compte) -> Result<Response, Problem> {
    session::ferme_autres(app.acces().pool(), connu.compte.id, session_id(&connu)?).await?;
    app.acces().oublie();
    Ok(done("sessions"))
}

/// Makes a token, and shows it this once.
async fn token(State(app): State<App>, Compte(connu): Compte, Form(fields): Form<Token>) -> Result<Response, Problem> {
    let demande = jeton::Demande {
        utilisateur: connu.compte.id,
        email: &connu.compte.email,
        collectivite: &fields.collectivite,
        ecriture: fields.portee == "write",
        jours: fields.jours.parse().unwrap_or(0),
        libelle: &fields.libelle,
    };
    let made = {
        let mut connection = app.acces().pool().acquire().await?;
        jeton::cree(&mut connection, &auteur(&connu), &demande).await
    };
    match made {
        Ok(token) => {
            let message = Message { jeton: Some(&token), ..Message::default() };
            shown(&app, StatusCode::OK, &connu, message).await
        }
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(problem);
            }
            refused(&app, &connu, Formule::Jeton, &problem.detail).await
        }
    }
}

async fn revoke(State(app): State<App>, Compte(connu): Compte, Form(fields): Form<Named>) -> Result<Response, Problem> {
    let absent = || Problem::not_found("Ce jeton n'existe pas, ou il est déjà révoqué.");
    let id = fields.id.parse::<Uuid>().map_err(|_| absent())?;
    let mut connection = app.acces().pool().acquire().await?;
    match jeton::revoque(&mut connection, &auteur(&connu), id, Some(connu.compte.id)).await {
        Ok(()) => {
            app.acces().oublie();
            Ok(done("jeton"))
        }
        Err(CompteError::JetonInconnu) => Err(absent()),
        Err(error) => Err(error.into()),
    }
}

async fn refused(app: &App, connu: &Connu, formule: Formule, why: &str) -> Result<Response, Problem> {
    let message = Message { erreur: Some((formule, why)), ..Message::default() };
    shown(app, StatusCode::UNPROCESSABLE_ENTITY, connu, message).await
}

async fn shown(app: &App, status: StatusCode, connu: &Connu, message: Message<'_>) -> Result<Response, Problem> {
    let acces = app.acces();
    let sessions = session::liste(acces.pool(), connu.compte.id).await?;
    let jetons = {
        let mut connection = acces.pool().acquire().await?;
        jeton::liste(&mut connection, Some(connu.compte.id)).await?
    };
    let avoirs = Avoirs {
        session: session_id(connu)?,
        sessions: &sessions,
        jetons: &jetons,
        codes: second_facteur::codes_restants(acces, connu.compte.id).await?,
        obligatoire: connu.administrateur && acces.second_facteur_obligatoire(),
    };
    let titre = if message.erreur.is_some() { "Demande refusée, mon compte" } else { "Mon compte" };
    page(status, &ComptePage::new(cadre(app, "/compte", titre), connu, &avoirs, message)).map(no_store)
}

fn session_id(connu: &Connu) -> Result<Uuid, Problem> {
    match connu.porteur {
        Porteur::Session { id, .. } => Ok(id),
        Porteur::Jeton { .. } | Porteur::Travail => Err(Problem::unauthorized()),
    }
}

fn auteur(connu: &Connu) -> Auteur {
    let collectivite = connu.collectivite.as_ref().map(|une| une.id);
    Auteur { utilisateur: Some(connu.compte.id), collectivite, canal: Canal::Page }
}

fn done(what: &str) -> Response {
    no_store(Redirect::to(&format!("/compte?fait={what}")).into_response())
}
