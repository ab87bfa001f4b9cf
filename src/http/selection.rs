//! `/api/selection`: parcels selected by list, shape and buffer; the same as a file.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::body::Body;
use super::download::attachment;
use super::problem::Problem;
use super::query::Params;
use super::state::App;
use crate::cadastre::selection::export::{self, Format};
use crate::cadastre::selection::{self, Demande, Selection, SelectionError};

/// Longest body of a selection.
pub const MAX_BODY: usize = 2 << 20;

/// Selects parcels: the union of identifiers, references, and what a geometry with its buffer takes.
///
/// # Errors
/// 400 for a body that can't be read, 422 for a demand out of bounds, 503 when the database is away.
#[utoipa::path(post, path = "/api/selection", request_body = Demande, responses(
    (status = 200, description = "Parcels, totals, an answer to each line", body = Selection),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 422, description = "Beyond a bound, or a geometry that can't be used: the sentence says which", body = Problem)
))]
pub async fn select(State(app): State<App>, Body(demande): Body<Demande>) -> Result<Json<Selection>, Problem> {
    let limite = usize::try_from(app.config().selection_max).unwrap_or(usize::MAX);
    let (pool, srid) = (app.db_read().clone(), app.config().srid);
    let work = async move { selection::selectionner(&pool, &demande, srid, limite).await };
    Ok(Json(app.selection(work).await??))
}

/// In what form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Format of the file.
    #[param(inline)]
    format: Format,
    /// Whether the CSV has a column of geometries in well-known text (WGS 84).
    #[serde(default)]
    wkt: bool,
}

/// Parcels to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Identifiers of 14 characters.
    parcelles: Vec<String>,
}

/// Writes parcels to a file: CSV for spreadsheets, GeoJSON in WGS 84, GeoPackage in the system of the database.
/// Identifiers that no parcel has are left out.
///
/// # Errors
/// 400 for a request that can't be read, 422 beyond the bound or without any known parcel, 503 when the database is away.
#[utoipa::path(post, path = "/api/selection/export", params(Wanted), request_body = Exported, responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 422, description = "Beyond the bound, or no known parcel", body = Problem)
))]
pub async fn export(
    State(app): State<App>,
    Params(wanted): Params<Wanted>,
    Body(exported): Body<Exported>,
) -> Result<impl IntoResponse, Problem> {
    let limite = usize::try_from(app.config().selection_max).unwrap_or(usize::MAX);
    let (pool, srid) = (app.db_read().clone(), app.config().srid);
    let work = async move {
        let demande = export::Demande { parcelles: &exported.parcelles, format: wanted.format, wkt: wanted.wkt };
        export::ecrire(&pool, demande, srid, limite).await
    };
    let fichier = app.selection(work).await??;
    let headers = [(header::CONTENT_TYPE, fichier.media.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, [attachment(fichier.nom)], fichier.octets))
}

impl From<SelectionError> for Problem {
    fn from(error: SelectionError) -> Self {
        match error {
            SelectionError::Database(error) => error.into(),
            SelectionError::Projection(_)
            | SelectionError::Wkb(_)
            | SelectionError::Export(_)
            | SelectionError::Disque(_) => {
                tracing::error!(%error, "sélection");
                Self::internal()
            }
            refus => Self::unprocessable(refus.to_string()),
        }
    }
}
