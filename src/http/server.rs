//! The router, the server and its graceful stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use thiserror::Error;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::problem::Problem;
use super::state::App;
use super::{api, assets, extrait, fonds, headers, openapi, pages, selection, styles, tiles, travaux, writing};

/// Longest a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// Longest that requests under way may take once the server was told to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

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

/// Every route.
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
    Router::new()
        .route("/", get(pages::home))
        .route("/carte", get(assets::carte))
        .route("/favicon.ico", get(assets::favicon))
        .route("/assets/{*path}", get(assets::asset))
        .route("/recherche", get(pages::search))
        .route("/commune/{insee}", get(pages::commune))
        .route("/services", get(pages::services))
        .route("/accessibilite", get(pages::accessibility))
        .route("/mentions", get(pages::notice))
        .route("/extraits", get(pages::form).post(pages::deposit))
        .route("/travaux/{id}", get(pages::job))
        .route("/travaux/{id}/annuler", post(pages::cancel))
        .route("/robots.txt", get(pages::robots))
        .route("/portail/{file}", get(pages::file))
        .route("/parcelle/{idu}", get(pages::parcel))
        .route("/parcelle/{idu}/extrait.pdf", get(extrait::parcel))
        .route("/parcelle/{idu}/plan.svg", get(extrait::picture))
        .route("/extrait.pdf", get(extrait::several))
        .route("/api/configuration", get(api::configuration))
        .route("/api/recherche", get(api::search))
        .route("/api/parcelles", get(api::parcel_under))
        .route("/api/parcelles/{idu}", get(api::parcel))
        .route("/api/coordonnees", get(api::coordinates))
        .route("/api/communes/{insee}", get(api::commune))
        .route("/api/selection", post(selection::select))
        .route("/api/selection/export", post(selection::export))
        .route("/api/travaux", post(travaux::deposit))
        .route("/api/travaux/{id}", get(travaux::show).delete(travaux::cancel))
        .route("/api/travaux/{id}/evenements", get(travaux::events))
        .route("/api/travaux/{id}/resultat", get(travaux::result))
        .route("/api/openapi.json", get(openapi::serve))
        .route("/tiles/{layers}", get(tiles::tilejson))
        .route("/tiles/{layers}/{z}/{x}/{y}", get(tiles::tile))
        .route("/styles/{file}", get(styles::style))
        .route("/styles/symbols/{file}", get(styles::symbol))
        .route("/fonds/{file}", get(fonds::pmtiles))
        .route("/ready", get(ready))
        .fallback(pages::unknown)
        .method_not_allowed_fallback(read_only)
        .layer(middleware::from_fn(writing::bounded))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Problem::internal().into_response()))
        .layer(RequestBodyLimitLayer::new(writing::MAX_BODY))
        .route("/health", get(|| async { "ok\n" }))
        .layer(middleware::from_fn_with_state(app.clone(), secure))
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

/// Lets in what may be sent, and sets the security headers on what leaves.
async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = match writing::admit(&request, app.config()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let mut response = pages::dress(&app, &path, response);
    for (name, value) in headers::security(app.config()) {
        response.headers_mut().entry(name).or_insert(value);
    }
    response.headers_mut().entry(header::VARY).or_insert(HeaderValue::from_static("accept-encoding"));
    response
}
