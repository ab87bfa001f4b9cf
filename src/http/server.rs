//! The router, the server and its graceful stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{MatchedPath, Request, State};
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
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::problem::Problem;
use super::route::{Audience, Content, MAX_BODY, Routes};
use super::state::App;
use super::{
    admission, api, assets, extrait, fonds, headers, openapi, pages, route, selection, styles, tiles, travaux,
};
use crate::jobs::MAX_PARAMETERS;

/// Longest a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest that requests under way may take once the server was told to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

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
    /// The server stopped on an error.
    #[error("le serveur s'est arrêté : {0}")]
    Stopped(#[from] io::Error),
}

/// Binds the configured address.
///
/// # Errors
/// The address is taken or refused.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })
}

/// Serves until `stop` ends; then lets requests under way finish.
///
/// # Errors
/// The server stopped on an error.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let mut told = app.closing();
    let closing = app.clone();
    let stopping = async move {
        stop.await;
        closing.close();
    };
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(stopping);
    let late = async move {
        let _ = told.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
    };
    tokio::select! {
        ended = server => Ok(ended?),
        // A client that never finishes its request does not keep the server.
        () = late => Ok(()),
    }
}

/// Every route, with who may ask and what it takes. What is not here is not served.
pub(super) fn routes() -> Routes {
    use Audience::Ouverte;
    Routes::default()
        .get("/", Ouverte, pages::home)
        .get("/carte", Ouverte, assets::carte)
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
        .get("/tiles/{layers}", Ouverte, tiles::tilejson)
        .get("/tiles/{layers}/{z}/{x}/{y}", Ouverte, tiles::tile)
        .get("/styles/{file}", Ouverte, styles::style)
        .get("/styles/symbols/{file}", Ouverte, styles::symbol)
        .get("/fonds/{file}", Ouverte, fonds::pmtiles)
        .get("/ready", Ouverte, ready)
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
    routes()
        .router()
        .fallback(pages::unknown)
        .method_not_allowed_fallback(read_only)
        .layer(middleware::from_fn(bounded))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Problem::internal().into_response()))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
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

/// Reads the body of a writing route whole, within its bound; other requests have none to read.
async fn bounded(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let found = matched.and_then(|path| route::route(path.as_str(), request.method()));
    let Some(bound) = found.filter(|route| route.method != Method::GET).map(|route| route.bound) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    match body::to_bytes(body, bound).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => Problem::body_too_large(bound).into_response(),
    }
}

/// Lets in who may ask, and says who it is to the handler.
async fn secure(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    match admission::admit(&app, request.method(), path, request.headers()).await {
        Ok(qui) => {
            let known = qui.0.is_some();
            request.extensions_mut().insert(qui);
            let mut response = next.run(request).await;
            if known {
                private(response.headers_mut());
            }
            response
        }
        Err(problem) => problem.into_response(),
    }
}

/// What was made for an account is for it alone: no shared cache keeps it.
fn private(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("cookie, authorization"));
    let public = headers.get(header::CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
    match headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()) {
        // Files named by their digest are the same for all.
        Some(value) if value.contains("immutable") => {}
        Some(value) if public => {
            if let Ok(value) = HeaderValue::from_str(&value.replacen("public", "private", 1)) {
                headers.insert(header::CACHE_CONTROL, value);
            }
        }
        Some(_) => {}
        None => {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
    }
}

/// Makes pages of refusals, and sets the security headers on what leaves.
async fn dressed(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let mut response = pages::dress(&app, &path, response);
    for (name, value) in headers::security(app.config()) {
        response.headers_mut().entry(name).or_insert(value);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}
