//! `/connexion/externe/{fournisseur}`: to a provider of identities, and back.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use cookie::Cookie;
use cookie::time::Duration;
use serde::Deserialize;

use super::connexion::{local, no_store, refusal, signed_in, visitor};
use crate::access::externe::{ExterneError, Retour};
use crate::config::Config;
use crate::http::cookies;
use crate::http::poste::PosteSur;
use crate::http::problem::Problem;
use crate::http::qui::Qui;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;

/// Cookie that binds a sign-in under way to its browser, over TLS and without.
const COOKIE: &str = "__Host-finage-externe";
const COOKIE_LOCAL: &str = "finage-externe-local";
/// How long it lives: as long as the sign-in is kept.
const LIFE: Duration = Duration::minutes(10);

/// There and back.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/connexion/externe/{fournisseur}", Audience::Ouverte, leave).get(
        "/connexion/externe/{fournisseur}/retour",
        Audience::Ouverte,
        come_back,
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Params {
    suite: String,
}

/// Sends the browser to the provider.
async fn leave(
    State(app): State<App>,
    _: PosteSur,
    Path(provider): Path<String>,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let suite = local(&params.suite);
    match app.externes().commence(app.acces(), &provider, suite).await {
        Ok(depart) => {
            let mut response = no_store(Redirect::to(&depart.url).into_response());
            let mut cookie = Cookie::new(name(app.config()), depart.navigateur);
            cookie.set_max_age(LIFE);
            cookies::set(response.headers_mut(), app.config(), cookie);
            Ok(response)
        }
        Err(error) => refused(&app, suite, error),
    }
}

/// Opens the session of who comes back.
async fn come_back(
    State(app): State<App>,
    PosteSur(poste): PosteSur,
    Qui(qui): Qui,
    Path(provider): Path<String>,
    Query(retour): Query<Retour>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let browser = cookies::get(&headers, name(app.config())).unwrap_or_default();
    let visiteur = visitor(poste, &headers, qui.as_ref());
    let done = app.externes().acheve(app.acces(), &provider, &retour, &browser, &visiteur).await;
    let mut response = match done {
        Ok((secret, suite)) => signed_in(&app, &secret, local(&suite)).await?,
        Err(error) => refused(&app, "/", error)?,
    };
    let mut cookie = Cookie::new(name(app.config()), "");
    cookie.set_max_age(Duration::ZERO);
    cookies::set(response.headers_mut(), app.config(), cookie);
    Ok(response)
}

fn name(config: &Config) -> &'static str {
    if config.public_url().starts_with("https://") { COOKIE } else { COOKIE_LOCAL }
}

/// The page of sign-in, that says what happened.
fn refused(app: &App, suite: &str, error: ExterneError) -> Result<Response, Problem> {
    let status = match &error {
        ExterneError::Inconnu => StatusCode::NOT_FOUND,
        ExterneError::Fournisseur { cause, .. } => {
            tracing::warn!(%cause, "fournisseur d'identité");
            StatusCode::BAD_GATEWAY
        }
        ExterneError::Occupe => StatusCode::SERVICE_UNAVAILABLE,
        ExterneError::Demande | ExterneError::Refusee(_) | ExterneError::SansCompte => StatusCode::FORBIDDEN,
        _ => {
            return Err(match error {
                ExterneError::Compte(cause) => cause.into(),
                ExterneError::Base(cause) => cause.into(),
                _ => Problem::internal(),
            });
        }
    };
    refusal(app, status, suite, &crate::http::problem::sentence(&error.to_string()))
}
