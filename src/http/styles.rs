//! `/styles`: MapLibre styles and their symbols.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::modules::couches;
use super::objets::PRIVATE;
use super::problem::Problem;
use super::qui::Qui;
use super::state::App;
use crate::services::styles;

/// A MapLibre style, `{name}.json`: of the plan, of what is drawn over it, of a module's layer, of all those (`modules`).
///
/// # Errors
/// 404 for an unknown style, or that of a layer that is not open to who asks.
pub async fn style(State(app): State<App>, qui: Qui, Path(file): Path<String>) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("Ce style est inconnu ; /api/configuration les liste.");
    let name = file.strip_suffix(".json").ok_or_else(unknown)?;
    if let Some(style) = styles::style(name, &app.config().public_url()) {
        return Ok(Json(style).into_response());
    }
    let style: Value = couches::style(&app, &qui, name).await?.ok_or_else(unknown)?;
    Ok(([PRIVATE], Json(style)).into_response())
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
