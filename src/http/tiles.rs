//! `/tiles/{layers}`: TileJSON and tiles.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use finage_tiles::{TileCoord, TileJson};

use super::problem::Problem;
use super::state::App;
use crate::cadastre::layers::Layer;
use crate::services::tiles;

/// Tiles are revalidated: an import shows at once, an unchanged tile costs a 304.
const CACHE: &str = "public, max-age=0, must-revalidate";
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// TileJSON 3 of one or several layers, separated by commas.
///
/// # Errors
/// 404 for an unknown layer.
pub async fn tilejson(State(app): State<App>, Path(list): Path<String>) -> Result<Json<TileJson>, Problem> {
    let layers = known(&list)?;
    Ok(Json(tiles::tilejson(app.db_read(), &layers, &list, &app.config().public_url()).await?))
}

/// One tile, MVT 2.1; 204 when nothing is there, 304 when the client has it.
///
/// # Errors
/// 400 for an address that is no tile, 404 for an unknown layer or a tile outside the pyramid; nothing is computed then.
pub async fn tile(
    State(app): State<App>,
    Path((list, z, x, y)): Path<(String, String, String, String)>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let layers = known(&list)?;
    let coord = coord(&z, &x, &y)?;
    let version = app.versions().of(app.db_read(), &layers).await?;
    let etag = format!("W/\"{version}-{}-{}-{}\"", coord.z(), coord.x(), coord.y());
    let headers = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, CACHE.to_owned())];
    if request
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.to_str().is_ok_and(|known| known.split(',').any(|one| one.trim() == etag)))
    {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let bytes = tiles::tile(app.db_read(), &layers, coord).await?;
    if bytes.is_empty() {
        return Ok((StatusCode::NO_CONTENT, headers).into_response());
    }
    Ok((headers, [(header::CONTENT_TYPE, MVT)], bytes).into_response())
}

fn known(list: &str) -> Result<Vec<&'static Layer>, Problem> {
    tiles::parse_layers(list).ok_or_else(|| {
        let shown: String = list.chars().take(80).collect();
        Problem::not_found(format!(
            "La couche « {shown} » est inconnue ; /api/configuration et la documentation donnent les couches."
        ))
    })
}

fn coord(z: &str, x: &str, y: &str) -> Result<TileCoord, Problem> {
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let malformed = || Problem::bad_request("Une tuile s'adresse par trois entiers : zoom, colonne, ligne.");
    let z: u8 = z.parse().map_err(|_| malformed())?;
    let x: u32 = x.parse().map_err(|_| malformed())?;
    let y: u32 = y.parse().map_err(|_| malformed())?;
    TileCoord::new(z, x, y).map_err(|error| Problem::not_found(format!("Tuile refusée : {error}.")))
}
