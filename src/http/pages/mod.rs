//! The public pages: HTML from the server, complete without JavaScript. What they say is in `portal`.

mod accueil;
mod administration;
mod annotations;
mod collectivites;
mod commune;
mod compte;
mod comptes;
mod connexion;
mod consulter;
mod deposer;
mod externe;
mod extraits;
mod institution;
mod jeton;
mod journal;
mod mot_de_passe;
mod objets;
mod parcelle;
mod recherche;
mod refus;
mod rgpd;
mod roles;
mod second_facteur;
mod vue;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::assets;
use super::problem::Problem;
use super::qui::Qui;
use super::route::Routes;
use super::state::App;
use crate::access::droits::Action;
use crate::config::type_logo;
use crate::portal::{self, Cadre, Entete, Espace};

pub use accueil::home;
pub use commune::commune;
pub use extraits::{cancel, deposit, form, job};
pub use institution::{accessibility, notice, services};
pub use parcelle::{identifier, parcel};
pub use recherche::search;
pub use refus::{dress, malformed_parcel, refused, unknown};

/// Files named by a digest of their content never change.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Pages change with each import.
const NO_CACHE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-cache");

/// The frame of the page at `path`.
pub(super) fn cadre<'a>(app: &'a App, path: &str, titre: impl Into<String>) -> Cadre<'a> {
    let qui = Qui::here().0;
    let compte = qui.as_ref().map(|connu| Entete { nom: connu.compte.nom.clone(), complet: connu.complete() });
    let espace = qui.filter(|connu| connu.complete()).map(|connu| {
        let modules = app.modules();
        let travaille = modules.objets().any(|(_, objet)| connu.droit(objet.modele.objet, Action::Lire).is_ok());
        Espace::new(&connu, path, travaille)
    });
    Cadre { espace, compte, ..Cadre::new(&app.config().portail, assets::portail(), path, titre) }
}

/// Pages of accounts: sign-in, second factor, passwords, « Mon compte ».
pub fn entree(routes: Routes) -> Routes {
    routes
        .with(connexion::routes)
        .with(externe::routes)
        .with(second_facteur::routes)
        .with(mot_de_passe::routes)
        .with(compte::routes)
}

/// What modules open to everybody.
pub fn publiques(routes: Routes) -> Routes {
    routes.with(consulter::routes).with(deposer::routes)
}

/// Pages where collectivités and rights are administered.
pub fn administration(routes: Routes) -> Routes {
    routes
        .with(administration::routes)
        .with(comptes::routes)
        .with(collectivites::routes)
        .with(roles::routes)
        .with(vue::routes)
}

/// Adds the pages of accounts that act for a collectivité.
pub fn agents(routes: Routes) -> Routes {
    rgpd::routes(journal::routes(annotations::routes(routes)))
}

/// A page, rendered.
pub(super) fn page(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    match template.render() {
        Ok(html) => Ok((status, [NO_CACHE], Html(html)).into_response()),
        Err(error) => {
            tracing::error!(%error, "page");
            Err(Problem::internal())
        }
    }
}

/// A page of an account, rendered: neither a shared cache nor the next who uses the browser keeps it.
pub(super) fn page_agent(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    let mut response = page(status, template)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// `/robots.txt`.
pub async fn robots(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], portal::robots_txt(app.config().portail.robots))
        .into_response()
}

/// `/portail/{file}`: the sheet of the configured colours, the logo.
///
/// # Errors
/// 404 when none is configured, or for another file.
pub async fn file(State(app): State<App>, Path(file): Path<String>, request: HeaderMap) -> Result<Response, Problem> {
    let portail = &app.config().portail;
    let absent = || Problem::not_found("Ce fichier n'existe pas.");
    if file == "logo" {
        let path = portail.logo.as_deref().ok_or_else(absent)?;
        let mime = type_logo(path).ok_or_else(absent)?;
        let bytes = tokio::fs::read(path).await.map_err(|error| {
            tracing::warn!(%error, "logo");
            absent()
        })?;
        let headers = [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, "public, max-age=3600")];
        return Ok((headers, bytes).into_response());
    }
    let (name, css) = portal::couleurs(portail).filter(|(name, _)| *name == file).ok_or_else(absent)?;
    let etag = format!("\"{name}\"");
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, IMMUTABLE.to_owned()),
        (header::ETAG, etag),
    ];
    Ok((headers, css).into_response())
}
