//! The front end, embedded in the binary.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;
use serde_json::Value;

use super::problem::Problem;
use super::qui::Agent;
use crate::portal::Habillage;

#[derive(RustEmbed)]
#[folder = "web/dist/"]
struct Dist;

/// Entry of the public pages in the front end's build.
const PORTAIL: &str = "src/portal/portail.ts";

/// Files whose name carries a digest of their content never change.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// `/carte`: the map's page.
pub async fn carte() -> Response {
    page("index.html")
}

/// `/app` and all below it: the agents' application, which reads its own address.
pub async fn application(_: Agent) -> Response {
    page("app.html")
}

fn page(name: &str) -> Response {
    match Dist::get(name) {
        Some(page) => (
            [(header::CACHE_CONTROL, "no-cache"), (header::CONTENT_TYPE, "text/html; charset=utf-8")],
            page.data.into_owned(),
        )
            .into_response(),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            Html("<!doctype html><html lang=\"fr\"><title>Finage</title><p>L'interface n'est pas construite : lancez « npm ci && npm run build » dans web/, puis recompilez.</p></html>"),
        )
            .into_response(),
    }
}

/// What dresses the public pages, read once from the build's manifest.
pub fn portail() -> &'static Habillage {
    static FOUND: LazyLock<Habillage> = LazyLock::new(|| {
        let found = habillage();
        if found.css.is_empty() {
            tracing::warn!("l'interface n'est pas construite : les pages publiques sont sans mise en forme");
        }
        found
    });
    &FOUND
}

fn habillage() -> Habillage {
    let manifest = Dist::get(".vite/manifest.json")
        .and_then(|file| serde_json::from_slice::<Value>(&file.data).ok())
        .unwrap_or_default();
    let entry = &manifest[PORTAIL];
    let address = |file: &Value| file.as_str().map(|file| format!("/{file}"));
    Habillage {
        css: entry["css"].as_array().into_iter().flatten().filter_map(address).collect(),
        script: address(&entry["file"]),
        icone: address(&manifest["src/shell/icone.svg"]["file"]),
    }
}

/// `/favicon.ico`: what browsers ask for beside a PDF, which names no icon.
pub async fn favicon() -> Response {
    (
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")],
        include_str!("../../web/src/shell/icone.svg"),
    )
        .into_response()
}

/// `/assets/{file}`: scripts, styles, fonts.
///
/// # Errors
/// 404 for a file that is not part of the front end.
pub async fn asset(Path(path): Path<String>, request: HeaderMap) -> Result<Response, Problem> {
    let name = format!("assets/{path}");
    let file = Dist::get(&name)
        .ok_or_else(|| Problem::not_found(format!("Le fichier « {name} » ne fait pas partie de l'interface.")))?;
    let etag = format!(
        "\"{}\"",
        file.metadata.sha256_hash().iter().take(12).fold(String::new(), |mut hex, byte| {
            use std::fmt::Write as _;
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    );
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let mime = file.metadata.mimetype().to_owned();
    Ok((
        [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, IMMUTABLE.to_owned()), (header::ETAG, etag)],
        file.data.into_owned(),
    )
        .into_response())
}
