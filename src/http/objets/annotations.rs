//! `/api/annotations`: annotations of the map.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Champs, Demande, EtapeSignee, MAX_ROW, PRIVATE, bbox, idempotence, key, searched, shown, version};
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::{ANNOTATION, Fiche, Filtre, Format, PageFiches, Saisie};

const PLACE: &str = "/api/annotations";

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/annotations", Agent, list)
        .post("/api/annotations", Agent, (Content::Json, MAX_ROW), create)
        .get("/api/annotations/export", Agent, export)
        .get("/api/annotations/{id}", Agent, show)
        .patch("/api/annotations/{id}", Agent, MAX_ROW, change)
        .delete("/api/annotations/{id}", Agent, archive)
        .get("/api/annotations/{id}/historique", Agent, history)
}

/// Which annotations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Text that title or text contain.
    q: Option<String>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
    /// `note`, `a_verifier`, `projet` or `travaux`.
    categorie: Option<String>,
    /// Archived ones, and they alone.
    archivees: bool,
    /// Rank of the first, from 0.
    rang: i64,
    /// Annotations at most (1 to 1000, 100 unless told).
    limite: Option<i64>,
}

impl Wanted {
    fn filtre(self) -> Result<Filtre, Problem> {
        Ok(Filtre {
            q: searched(self.q)?,
            bbox: self.bbox.as_deref().map(bbox).transpose()?,
            egaux: self.categorie.map(|categorie| ("categorie", categorie.replace('\0', ""))).into_iter().collect(),
            archivees: self.archivees,
            rang: self.rang,
            limite: self.limite.unwrap_or(100).clamp(1, 1_000),
            ..Filtre::default()
        })
    }
}

/// The annotations that are open to the account, newest first.
///
/// # Errors
/// 400 for a malformed request, 403 without the right.
#[utoipa::path(get, operation_id = "annotations_list", path = "/api/annotations", params(Wanted), responses(
    (status = 200, description = "A page of annotations, and how many there are", body = PageFiches),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem)
))]
pub async fn list(State(app): State<App>, agent: Agent, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let page = Demande::new(&app, &agent, &ANNOTATION, None)?.liste(&wanted.filtre()?).await?;
    Ok(([PRIVATE], Json(page)).into_response())
}

/// An annotation to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NouvelleAnnotation {
    /// `titre` (obligatory, 200 characters), `texte` (10,000), `categorie` (`note`, `a_verifier`, `projet`, `travaux`).
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    champs: Champs,
    /// GeoJSON geometry in degrees: points, lines or surfaces of at most 5,000 vertices.
    #[schema(value_type = Object)]
    geometrie: Value,
}

/// Makes an annotation. With `Idempotency-Key`, the same key of the same account makes it once: later requests with the same
/// fields give the annotation it made.
///
/// # Errors
/// 400 for a field or value that is refused, 403 without the right, 422 for a geometry that is refused or outside of the
/// territory, or for a key that made something else.
#[utoipa::path(post, operation_id = "annotations_create", path = "/api/annotations", request_body = NouvelleAnnotation,
    params(("Idempotency-Key" = Option<String>, Header, description = "Text of 1 to 100 characters, a UUID for instance")),
    responses(
        (status = 201, description = "The annotation", body = Fiche),
        (status = 200, description = "The annotation that this key had made", body = Fiche),
        (status = 400, description = "Malformed request, unknown or closed field", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 422, description = "Geometry refused, outside of the territory, or key used for something else", body = Problem)
    ))]
pub async fn create(
    State(app): State<App>,
    agent: Agent,
    headers: HeaderMap,
    Body(nouvelle): Body<NouvelleAnnotation>,
) -> Result<Response, Problem> {
    let demande = Demande::new(&app, &agent, &ANNOTATION, None)?;
    let saisie = Saisie { champs: &nouvelle.champs, geometrie: Some(&nouvelle.geometrie), insee: None };
    let (made, id) = demande.creer(&saisie, idempotence(&headers)?).await?;
    demande.montre(if made { StatusCode::CREATED } else { StatusCode::OK }, id, PLACE).await
}

/// An annotation.
///
/// # Errors
/// 403 without the right, 404 for what does not exist or is another collectivité's.
#[utoipa::path(get, operation_id = "annotations_show", path = "/api/annotations/{id}", params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "The annotation; ETag is its version", body = Fiche),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown annotation", body = Problem)
))]
pub async fn show(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    Ok(shown(Demande::new(&app, &agent, &ANNOTATION, None)?.fiche(key(&id)?).await?))
}

/// What to change of an annotation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnotationChangee {
    /// Fields to change: those of the creation.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    champs: Champs,
    /// New geometry, when it moves.
    #[schema(value_type = Option<Object>)]
    geometrie: Option<Value>,
}

/// Changes an annotation whose version is that of `If-Match`.
///
/// # Errors
/// 400 for a field or value that is refused, 403, 404, 412 when someone changed it before, 422 for its geometry, 428
/// without `If-Match`.
#[utoipa::path(patch, operation_id = "annotations_change", path = "/api/annotations/{id}", request_body = AnnotationChangee,
    params(("id" = Uuid, Path, description = "Key"), ("If-Match" = String, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 200, description = "The annotation, changed", body = Fiche),
        (status = 400, description = "Malformed request, unknown or closed field", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown annotation", body = Problem),
        (status = 412, description = "Changed meanwhile: both versions are told", body = Problem),
        (status = 422, description = "Geometry refused, or outside of the territory", body = Problem),
        (status = 428, description = "If-Match is missing", body = Problem)
    ))]
pub async fn change(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(changee): Body<AnnotationChangee>,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    let demande = Demande::new(&app, &agent, &ANNOTATION, None)?;
    let version = version(&headers)?.ok_or_else(Problem::version_required)?;
    let saisie = Saisie { champs: &changee.champs, geometrie: changee.geometrie.as_ref(), insee: None };
    demande.changer(id, version, &saisie).await?;
    demande.montre(StatusCode::OK, id, PLACE).await
}

/// Archives an annotation: it leaves lists and map, and stays with its history.
///
/// # Errors
/// 403, 404, 412 when `If-Match` is said and someone changed it before.
#[utoipa::path(delete, operation_id = "annotations_archive", path = "/api/annotations/{id}",
    params(("id" = Uuid, Path, description = "Key"), ("If-Match" = Option<String>, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 204, description = "Archived"),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown annotation", body = Problem),
        (status = 412, description = "Changed meanwhile", body = Problem)
    ))]
pub async fn archive(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    Demande::new(&app, &agent, &ANNOTATION, None)?.archiver(key(&id)?, version(&headers)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was done to an annotation, newest first.
///
/// # Errors
/// 403, 404.
#[utoipa::path(get, operation_id = "annotations_history", path = "/api/annotations/{id}/historique", params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "Steps", body = Vec<EtapeSignee>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown annotation", body = Problem)
))]
pub async fn history(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    let steps = Demande::new(&app, &agent, &ANNOTATION, None)?.historique(key(&id)?).await?;
    Ok(([PRIVATE], Json(steps)).into_response())
}

/// Which annotations, in what form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Format of the file.
    #[param(inline)]
    format: Format,
    /// Text that title or text contain.
    q: Option<String>,
    /// `west,south,east,north` in degrees.
    bbox: Option<String>,
    /// `note`, `a_verifier`, `projet` or `travaux`.
    categorie: Option<String>,
    /// Archived ones, and they alone.
    #[serde(default)]
    archivees: bool,
}

/// Writes annotations to a file: CSV for spreadsheets, GeoJSON in WGS 84, GeoPackage in the system of the database.
///
/// # Errors
/// 400 for a malformed request, 403 without the right, 422 beyond 50,000 annotations.
#[utoipa::path(get, operation_id = "annotations_export", path = "/api/annotations/export", params(Exported), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 422, description = "Beyond the bound", body = Problem)
))]
pub async fn export(
    State(app): State<App>,
    agent: Agent,
    Params(exported): Params<Exported>,
) -> Result<Response, Problem> {
    let Exported { format, q, bbox, categorie, archivees } = exported;
    let filtre = Wanted { q, bbox, categorie, archivees, ..Wanted::default() }.filtre()?;
    Demande::new(&app, &agent, &ANNOTATION, None)?.exporter(&filtre, format).await
}
