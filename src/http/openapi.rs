//! `/api/openapi.json`: the contract, generated from the handlers.

use axum::Json;
use utoipa::OpenApi;

use super::objets::{annotations, fichiers, journal, personnes, session};
use super::{api, selection, travaux};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Finage",
        description = "Système d'information territorial des communes : recherche, parcelles, communes, travaux longs.",
        license(name = "AGPL-3.0-or-later")
    ),
    paths(
        api::search,
        api::parcel,
        api::parcel_under,
        api::commune,
        api::coordinates,
        api::configuration,
        selection::select,
        selection::export,
        travaux::deposit,
        travaux::show,
        travaux::cancel,
        travaux::events,
        travaux::result,
        session::session,
        annotations::list,
        annotations::create,
        annotations::export,
        annotations::show,
        annotations::change,
        annotations::archive,
        annotations::history,
        fichiers::list,
        fichiers::join,
        fichiers::download,
        fichiers::remove,
        journal::list,
        journal::export,
        personnes::list,
        personnes::create,
        personnes::show,
        personnes::change,
        personnes::history
    )
)]
struct Document;

/// The OpenAPI document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// `/api/openapi.json`.
pub async fn serve() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
