//! The router, the server and its graceful stop.

use std::any::Any;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use thiserror::Error;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::{TimeoutError, TimeoutLayer};
use tower_http::trace::TraceLayer;

use super::debit::{self, Classe, Compteur};
use super::ecoute::{self, Limits};
use super::poste::Poste;
use super::problem::Problem;
use super::qui::Qui;
use super::route::{Audience, Content, MAX_BODY, Routes};
use super::state::App;
use super::{
    admission, api, assets, droits, extrait, fonds, mesures, modules, objets, openapi, pages, route, selection, styles,
    tiles, travaux,
};
use crate::jobs::MAX_PARAMETERS;

/// Longest a request may take, once its body came.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest a body may take to come, whole: 32 MiB at 2 Mbit/s.
const BODY_TIMEOUT: Duration = Duration::from_secs(150);

/// A form writes a character in up to nine bytes (`%E2%80%99`), a list of references is ASCII but for a few.
const MAX_LIST_FORM: usize = MAX_PARAMETERS + (MAX_PARAMETERS >> 1);

/// Why the server could not start or go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is taken or refused.
    #[error("impossible d'écouter sur {address} : {source} ; choisissez une autre adresse avec --bind ou FINAGE_BIND")]
    Bind {
        /// Address asked for.
        address: SocketAddr,
        /// Cause.
        source: io::Error,
    },
}

/// Binds the configured address.
///
/// # Errors
/// The address is taken or refused.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })
}

/// Serves until `stop` ends; then lets requests under way finish.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) {
    serve_within(Limits::default(), app, listener, stop).await;
}

/// The same, with other limits than the usual ones.
pub async fn serve_within(
    limits: Limits,
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let closing = app.clone();
    let stopping = async move {
        stop.await;
        closing.close();
    };
    let proxies = app.config().mandataires.clone();
    ecoute::listen(router(app), listener, limits, proxies, stopping).await;
}

/// Every route, with who may ask and what it takes. What is not here is not served.
pub(super) fn routes() -> Routes {
    use Audience::Ouverte;
    Routes::default()
        .get("/", Ouverte, pages::home)
        .get("/carte", Ouverte, assets::carte)
        .get("/app", Audience::Agent, assets::application)
        .get("/app/{*path}", Audience::Agent, assets::application)
        .get("/favicon.ico", Ouverte, assets::favicon)
        .get("/assets/{*path}", Ouverte, assets::asset)
        .get("/recherche", Ouverte, pages::search)
        .get("/commune/{insee}", Ouverte, pages::commune)
        .get("/services", Ouverte, pages::services)
        .get("/accessibilite", Ouverte, pages::accessibility)
        .get("/mentions", Ouverte, pages::notice)
        .get("/extraits", Ouverte, pages::form)
        .form("/extraits", Ouverte, MAX_LIST_FORM, pages::deposit)
        .get("/travaux/{id}", Ouverte, pages::job)
        .form("/travaux/{id}/annuler", Ouverte, 1024, pages::cancel)
        .get("/robots.txt", Ouverte, pages::robots)
        .get("/portail/{file}", Ouverte, pages::file)
        .get("/parcelle/{idu}", Ouverte, pages::parcel)
        .get("/parcelle/{idu}/extrait.pdf", Ouverte, extrait::parcel)
        .get("/parcelle/{idu}/plan.svg", Ouverte, extrait::picture)
        .get("/extrait.pdf", Ouverte, extrait::several)
        .get("/api/configuration", Ouverte, api::configuration)
        .get("/api/recherche", Ouverte, api::search)
        .get("/api/parcelles", Ouverte, api::parcel_under)
        .get("/api/parcelles/{idu}", Ouverte, api::parcel)
        .get("/api/coordonnees", Ouverte, api::coordinates)
        .get("/api/communes/{insee}", Ouverte, api::commune)
        // The selection only reads, but its list is too long for an address.
        .post("/api/selection", Ouverte, (Content::Json, selection::MAX_BODY), selection::select)
        .post("/api/selection/export", Ouverte, (Content::Json, selection::MAX_BODY), selection::export)
        .post("/api/travaux", Ouverte, (Content::Json, MAX_PARAMETERS + 4096), travaux::deposit)
        .get("/api/travaux/{id}", Ouverte, travaux::show)
        .delete("/api/travaux/{id}", Ouverte, travaux::cancel)
        .get("/api/travaux/{id}/evenements", Ouverte, travaux::events)
        .get("/api/travaux/{id}/resultat", Ouverte, travaux::result)
        .get("/api/openapi.json", Ouverte, openapi::serve)
        .get("/tiles/catalog", Ouverte, mesures::catalog)
        .get("/tiles/{layers}", Ouverte, tiles::tilejson)
        .get_bare("/tiles/{layers}/{z}/{x}/{y}", Ouverte, tiles::tile)
        .get("/styles/{file}", Ouverte, styles::style)
        .get("/styles/symbols/{file}", Ouverte, styles::symbol)
        .get("/fonds/{file}", Ouverte, fonds::pmtiles)
        .get("/ready", Ouverte, ready)
        .get("/metrics", Ouverte, mesures::metrics)
        .with(pages::publiques)
        .with(pages::entree)
        .with(objets::routes)
        .with(modules::routes)
        .with(pages::agents)
        .with(pages::administration)
        .with(droits::routes)
}

/// The server: its routes behind admission, limits and headers.
pub fn router(app: App) -> Router {
    let compressed = SizeAbove::new(256)
        .and(NotForContentType::IMAGES)
        // An event must leave at once.
        .and(NotForContentType::SSE)
        // Compressed already; their length is announced.
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/octet-stream"));
    let (most, bare) = routes().routers();
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT);
    let bare = bare.method_not_allowed_fallback(read_only).layer(timeout).layer(CatchPanicLayer::custom(panicked));
    most.fallback(pages::unknown)
        .method_not_allowed_fallback(read_only)
        // Each route has its own bound.
        .layer(DefaultBodyLimit::disable())
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(timeout)
        .layer(middleware::from_fn(bounded))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .merge(bare)
        .layer(middleware::from_fn_with_state(app.clone(), secure))
        // Outside of everything: it answers when nothing else does.
        .route("/health", get(|| async { "ok\n" }))
        .layer(middleware::from_fn_with_state(app.clone(), dressed))
        .layer(TraceLayer::new_for_http())
        .with_state(app)
}

/// `/ready`: the database answers.
async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    sqlx::query("select 1 from core.parametre where nom = 'srid'").fetch_one(app.db_read()).await?;
    Ok("ok\n")
}

async fn read_only() -> Response {
    Problem::method_not_allowed().into_response()
}

/// A panic ends its request alone, and says nothing of itself to who asked.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal().into_response()
}

/// Reads the body of a writing route whole, within its bound; other requests have none to read.
async fn bounded(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let found = matched.and_then(|path| route::route(path.as_str(), request.method()));
    let Some(bound) = found.filter(|route| route.method != Method::GET).map(|route| route.bound) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(BODY_TIMEOUT, body::to_bytes(body, bound)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(error)) if caused_by::<TimeoutError>(&error) => Problem::body_too_slow().into_response(),
        Ok(Err(error)) if caused_by::<hyper::Error>(&error) => {
            Problem::bad_request("Le corps de la demande est mal formé, ou s'est interrompu.").into_response()
        }
        Ok(Err(_)) => Problem::body_too_large(bound).into_response(),
        Err(_) => Problem::body_too_slow().into_response(),
    }
}

/// Whether an error, or what caused it, is of this kind.
fn caused_by<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<E>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Lets in who may ask, as long as it does not ask too much; says who asks, admitted or not.
async fn admit(app: &App, head: &Parts, poste: &Poste, qui: &mut Qui) -> Result<(), Problem> {
    let (method, headers) = (&head.method, &head.headers);
    let path = head.extensions.get::<MatchedPath>();
    let Some(debit) = app.debit() else { return admission::admit(app, method, path, headers, poste, qui).await };
    let classe = Classe::of(method, path.map_or("/", MatchedPath::as_str));
    let address = debit::voisinage(poste.ip);
    let token = headers.contains_key(header::AUTHORIZATION);
    let bearer = token || headers.contains_key(header::COOKIE);
    debit.count(if bearer { Classe::Porteur } else { classe }, Compteur::Adresse(address))?;
    let admitted = admission::admit(app, method, path, headers, poste, qui).await;
    match &qui.0 {
        Some(connu) => debit.count(classe, Compteur::Compte(connu.compte.id))?,
        None if token => return admitted.map_err(|problem| debit.refused(problem, address)),
        // Nobody known, whatever it carried.
        None if bearer => debit.count(classe, Compteur::Adresse(address))?,
        None => {}
    }
    admitted
}

/// Lets in who may ask, and says who it is to the handler.
async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let poste = Poste::of(&request, app.config());
    let (mut head, body) = request.into_parts();
    head.extensions.insert(poste);
    let mut qui = Qui::default();
    let admitted = admit(&app, &head, &poste, &mut qui).await;
    head.extensions.insert(qui.clone());
    let mut response = match admitted {
        Ok(()) => qui.clone().answer(next.run(Request::from_parts(head, body))).await,
        Err(problem) => problem.into_response(),
    };
    if qui.0.is_some() {
        private(response.headers_mut());
    }
    // A refusal is made a page further out, with the same frame.
    response.extensions_mut().insert(qui);
    response
}

/// What was made for an account is for it alone: no shared cache keeps it.
fn private(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("cookie, authorization"));
    if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        return;
    }
    let public = headers.get(header::CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
    match headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()) {
        // Files named by their digest are the same for all.
        Some(value) if value.contains("immutable") => {}
        Some(value) if public => {
            if let Ok(value) = HeaderValue::from_str(&value.replacen("public", "private", 1)) {
                headers.insert(header::CACHE_CONTROL, value);
            }
        }
        Some(value) if value.contains("private") || value.contains("no-store") => {}
        Some(value) => {
            if let Ok(value) = HeaderValue::from_str(&format!("private, {value}")) {
                headers.insert(header::CACHE_CONTROL, value);
            }
        }
        None => {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
    }
}

/// Makes pages of refusals, and sets the security headers on what leaves.
async fn dressed(State(app): State<App>, request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let mut response = next.run(request).await;
    let qui = response.extensions_mut().remove::<Qui>().unwrap_or_default();
    let mut response = qui.answer(async { pages::dress(&app, &method, &uri, response) }).await;
    for (name, value) in app.securite() {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_answer_that_tells_nothing() {
        let router = Router::new()
            .route("/", get(async || -> &'static str { panic!("mot de passe de src/http") }))
            .layer(CatchPanicLayer::custom(panicked));
        let answer = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json; charset=utf-8");
        let text = body::to_bytes(answer.into_body(), 1 << 16).await.unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains("Erreur interne") && !text.contains("mot de passe"), "{text}");
    }
}
