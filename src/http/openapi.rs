//! `/api/openapi.json`: the contract, generated from the handlers.

use axum::Json;
use utoipa::OpenApi;

use super::modules::{
    annulation, choix, etapes, export, fiche, fichiers as fichiers_des_modules, liste, menu, rattachements, schema,
    tableau, vues,
};
use super::objets::{annotations, dossier, fichiers, journal, personnes, session};
use super::{api, droits, selection, travaux};

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
        droits::explain,
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
        personnes::export,
        personnes::history,
        dossier::file,
        menu::list,
        liste::list,
        liste::children,
        fiche::create,
        fiche::show,
        fiche::change,
        fiche::archive,
        fiche::restore,
        fiche::history,
        annulation::undo,
        choix::codes_of,
        choix::choices,
        choix::crossings,
        export::export,
        export::geojson,
        fichiers_des_modules::list,
        fichiers_des_modules::join,
        etapes::list,
        etapes::take,
        etapes::amendments,
        etapes::amend,
        rattachements::list,
        rattachements::link,
        rattachements::end,
        rattachements::confirm,
        rattachements::waiting,
        rattachements::on_parcel,
        vues::list,
        vues::keep,
        vues::change,
        vues::remove,
        tableau::card,
        schema::schema
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
