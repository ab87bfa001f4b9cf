//! `/api/openapi.json`: the contract, generated from the handlers.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use utoipa::OpenApi;

use super::modules::{
    annulation, anomalies, bilans, choix, conservation, documents, etapes, export, fiche,
    fichiers as fichiers_des_modules, gabarits, imports, itineraire, liste, menu, rattachements, schema, serie,
    tableau, vues,
};
use super::objets::PRIVATE;
use super::objets::{annotations, dossier, fichiers, journal, personnes, session};
use super::qui::Qui;
use super::state::App;
use super::{api, droits, selection, travaux};
use crate::access::droits::{Action, Champ};
use crate::modules::registry::ObjetCharge;

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
        conservation::register,
        conservation::due,
        conservation::list,
        conservation::make,
        conservation::rows,
        conservation::export,
        conservation::approve,
        conservation::carry_out,
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
        serie::list,
        serie::preview,
        serie::make,
        serie::undo,
        itineraire::way,
        fichiers_des_modules::list,
        fichiers_des_modules::join,
        imports::deposit,
        imports::show,
        imports::attempt,
        imports::launch,
        anomalies::list,
        anomalies::settle,
        documents::show,
        documents::batch,
        gabarits::show,
        gabarits::replace,
        gabarits::reset,
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
        bilans::show,
        schema::schema
    )
)]
struct Document;

/// The OpenAPI document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// `/api/openapi.json`: the contract, and for an account the addresses of every object that is open to it.
pub async fn serve(State(app): State<App>, qui: Qui) -> Response {
    let mut contract = serde_json::to_value(document()).unwrap_or_default();
    let Some(agent) = qui.agent() else { return Json(contract).into_response() };
    for (module, objet) in app.modules().objets() {
        if let Ok(droit) = agent.droit(objet.modele.objet, Action::Lire) {
            let champs: Vec<&'static Champ> = droit.champs().filter(|champ| champ.niveau == 0).collect();
            concrete(&mut contract, &module.file.id, objet, &champs);
        }
    }
    ([PRIVATE], Json(contract)).into_response()
}

/// Adds the addresses of an object: the generic ones with its name in them, and its fields where they have any.
fn concrete(contract: &mut Value, module: &str, objet: &ObjetCharge, champs: &[&'static Champ]) {
    let nom = format!("{module}_{}", objet.nom);
    contract["components"]["schemas"][&nom] = schema::fields(objet.modele, champs);
    let Some(paths) = contract["paths"].as_object_mut() else { return };
    let generic: Vec<(String, Value)> = paths
        .iter()
        .filter(|(path, _)| path.starts_with(GENERIC))
        .map(|(path, item)| (path.clone(), item.clone()))
        .collect();
    for (path, mut item) in generic {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            named(operation, &nom, objet.modele.objet.libelle);
        }
        let path = path.replace("{module}", module).replace("{objet}", objet.nom);
        paths.insert(path, item);
    }
}

/// An operation of one object: its name, no parameter for the object, and the fields that it writes.
fn named(operation: &mut Value, nom: &str, libelle: &str) {
    let id = operation["operationId"].as_str().unwrap_or_default().replace("modules", nom);
    operation["operationId"] = id.into();
    operation["tags"] = serde_json::json!([libelle]);
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.retain(|one| one["in"] != "path" || !["module", "objet"].iter().any(|name| one["name"] == **name));
    }
    if let Some(body) = operation.pointer_mut("/requestBody/content/application~1json/schema")
        && body["$ref"] == "#/components/schemas/Ecriture"
    {
        let champs =
            serde_json::json!({ "properties": { "champs": { "$ref": format!("#/components/schemas/{nom}") } } });
        *body = serde_json::json!({ "allOf": [body.clone(), champs] });
    }
}

/// Where the addresses of every object begin.
const GENERIC: &str = "/api/modules/{module}/{objet}";
