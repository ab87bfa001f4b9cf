//! `/styles`: MapLibre styles and their symbols.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::problem::Problem;
use super::state::App;
use crate::services::styles;

/// A MapLibre style, `{name}.json`.
///
/// # Errors
/// 404 for an unknown style.
pub async fn style(State(app): State<App>, Path(file): Path<String>) -> Result<Json<Value>, Problem> {
    file.strip_suffix(".json")
        .and_then(|name| styles::style(name, &app.config().public_url()))
        .map(Json)
        .ok_or_else(|| Problem::not_found("Ce style est inconnu ; /api/configuration les liste."))
}

/// A symbol, `{name}.svg`.
///
/// # Errors
/// 404 for an unknown symbol.
pub async fn symbol(Path(file): Path<String>) -> Result<Response, Problem> {
    let plain = file.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    let svg = if plain { styles::symbol(&file) } else { None };
    let svg = svg.ok_or_else(|| Problem::not_found("Ce symbole est inconnu."))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=3600")], svg)
        .into_response())
}
