//! `/api/modules/{module}/{objet}/{id}`: one row, made, read, changed, archived, and what was done to it.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::demande::Adresse;
use crate::http::body::Body;
use crate::http::objets::{Champs, Demande, EtapeSignee, MAX_ROW, PRIVATE, idempotence, key, shown, version};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::{Agent, Qui};
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::{Fiche, Saisie};

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::{Agent, Ouverte};
    routes
        .post("/api/modules/{module}/{objet}", Agent, (Content::Json, MAX_ROW), create)
        .get("/api/modules/{module}/{objet}/{id}", Ouverte, show)
        .patch("/api/modules/{module}/{objet}/{id}", Agent, MAX_ROW, change)
        .delete("/api/modules/{module}/{objet}/{id}", Agent, archive)
        .post("/api/modules/{module}/{objet}/{id}/desarchiver", Agent, (Content::None, 0), restore)
        .get("/api/modules/{module}/{objet}/{id}/historique", Agent, history)
}

/// For what purpose.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Purpose {
    /// Purpose for which personal fields are seen or written; leaves a line in the journal.
    pub finalite: Option<String>,
}

/// What is written of a row.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Ecriture {
    /// Fields, by their names.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    champs: Champs,
    /// GeoJSON geometry in degrees; null takes it off.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<Object>)]
    geometrie: Option<Value>,
    /// Commune, of what has no geometry.
    insee: Option<String>,
    /// Why the rules that the row breaks are passed over, by who may; the journal keeps it.
    passer_outre: Option<String>,
}

/// A null that is said is not one that is left out.
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Ecriture {
    fn saisie(&self) -> Saisie<'_> {
        Saisie { champs: &self.champs, geometrie: self.geometrie.as_ref(), insee: self.insee.as_deref() }
    }
}

/// Makes a row. With `Idempotency-Key`, the same key of the same account makes it once.
///
/// # Errors
/// 400 with each field that is refused, 403 without the right, 404, 422 for its geometry or a place outside of the territory.
#[utoipa::path(post, operation_id = "modules_create", path = "/api/modules/{module}/{objet}", tag = "modules", request_body = Ecriture,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), Purpose,
        ("Idempotency-Key" = Option<String>, Header, description = "Text of 1 to 100 characters, a UUID for instance")),
    responses(
        (status = 201, description = "The row", body = Fiche),
        (status = 200, description = "The row that this key had made", body = Fiche),
        (status = 400, description = "Fields refused, each with its reason", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown object", body = Problem),
        (status = 422, description = "Geometry refused, outside of the territory, key used for something else, or rules that the row breaks", body = Problem)
    ))]
pub async fn create(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet)): Path<(String, String)>,
    Params(purpose): Params<Purpose>,
    headers: HeaderMap,
    Body(ecriture): Body<Ecriture>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let demande = adresse.demande(&app, &agent, purpose.finalite.as_deref())?;
    let demande = demande.passant_outre(ecriture.passer_outre.as_deref());
    let (made, id) = demande.creer(&ecriture.saisie(), idempotence(&headers)?).await?;
    demande.montre(if made { StatusCode::CREATED } else { StatusCode::OK }, id, &adresse.place()).await
}

/// A row.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_show", path = "/api/modules/{module}/{objet}/{id}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), Purpose), responses(
    (status = 200, description = "The row; ETag is its version", body = Fiche),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem)
))]
pub async fn show(
    State(app): State<App>,
    qui: Qui,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let (regard, mut tx) = adresse.regard_sur(&app, &qui, id, purpose.finalite.as_deref()).await?;
    let fiche = regard.fiche(&mut tx, id).await?;
    tx.commit().await?;
    Ok(shown(fiche))
}

/// Changes a row whose version is that of `If-Match`.
///
/// # Errors
/// 400 with each field that is refused, 403, 404, 409 where it is locked, 412 with the row as it now is, 422, 428.
#[utoipa::path(patch, operation_id = "modules_change", path = "/api/modules/{module}/{objet}/{id}", tag = "modules", request_body = Ecriture,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), Purpose, ("If-Match" = String, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 200, description = "The row, changed", body = Fiche),
        (status = 400, description = "Fields refused, each with its reason", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown row", body = Problem),
        (status = 409, description = "Locked in its state", body = Problem),
        (status = 412, description = "Changed meanwhile: both versions are told", body = Problem),
        (status = 422, description = "Geometry refused, outside of the territory, or rules that the row would break", body = Problem),
        (status = 428, description = "If-Match is missing", body = Problem)
    ))]
pub async fn change(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
    headers: HeaderMap,
    Body(ecriture): Body<Ecriture>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let demande = adresse.demande(&app, &agent, purpose.finalite.as_deref())?;
    let demande = demande.passant_outre(ecriture.passer_outre.as_deref());
    let version = version(&headers)?.ok_or_else(Problem::version_required)?;
    match demande.changer(id, version, &ecriture.saisie()).await {
        Ok(()) => demande.montre(StatusCode::OK, id, &adresse.place()).await,
        Err(problem) => Err(with_row(&demande, id, problem).await),
    }
}

/// A stale edit is told what the row now is.
pub(super) async fn with_row(demande: &Demande<'_>, id: Uuid, problem: Problem) -> Problem {
    if problem.status != 412 {
        return problem;
    }
    let fiche = demande.fiche(id).await.ok().map(Box::new);
    Problem { fiche, ..problem }
}

/// Archives a row: it leaves lists and map, and stays with its history.
///
/// # Errors
/// 403, 404, 412 when `If-Match` is said and someone changed it before.
#[utoipa::path(delete, operation_id = "modules_archive", path = "/api/modules/{module}/{objet}/{id}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), ("If-Match" = Option<String>, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 204, description = "Archived"),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown row", body = Problem),
        (status = 412, description = "Changed meanwhile", body = Problem)
    ))]
pub async fn archive(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    adresse.demande(&app, &agent, None)?.archiver(key(&id)?, version(&headers)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts an archived row back.
///
/// # Errors
/// 400 when another row now has what no two may have, 403, 404, 412.
#[utoipa::path(post, operation_id = "modules_restore", path = "/api/modules/{module}/{objet}/{id}/desarchiver", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), ("If-Match" = Option<String>, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 204, description = "Put back"),
        (status = 400, description = "Another row has its place", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown row", body = Problem),
        (status = 412, description = "Changed meanwhile", body = Problem)
    ))]
pub async fn restore(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    adresse.demande(&app, &agent, None)?.desarchiver(key(&id)?, version(&headers)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was done to a row, newest first.
///
/// # Errors
/// 403, 404.
#[utoipa::path(get, operation_id = "modules_history", path = "/api/modules/{module}/{objet}/{id}/historique", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), Purpose), responses(
    (status = 200, description = "Steps", body = Vec<EtapeSignee>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem)
))]
pub async fn history(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let steps = adresse.demande(&app, &agent, purpose.finalite.as_deref())?.historique(key(&id)?).await?;
    Ok(([PRIVATE], Json(steps)).into_response())
}
