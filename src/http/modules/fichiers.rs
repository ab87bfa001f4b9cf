//! Files attached to a row of a module.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::demande::Adresse;
use crate::http::objets::fichiers::{FichierEnvoye, MAX_UPLOAD, Named, attach, files, sent};
use crate::http::objets::{PRIVATE, key};
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::Joint;

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes.get("/api/modules/{module}/{objet}/{id}/fichiers", Agent, list).post(
        "/api/modules/{module}/{objet}/{id}/fichiers",
        Agent,
        (Content::File, MAX_UPLOAD),
        join,
    )
}

/// The files of a row.
///
/// # Errors
/// 403, 404.
#[utoipa::path(get, operation_id = "modules_files", path = "/api/modules/{module}/{objet}/{id}/fichiers", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "Its files, in the order they were attached", body = Vec<Joint>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem)
))]
pub async fn list(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let demande = adresse.demande(&app, &agent, None)?;
    Ok(([PRIVATE], Json(files(&demande, key(&id)?).await?)).into_response())
}

/// Attaches a file to a row that one may change: as the field « fichier » of a form, or as the body itself, named by the
/// address.
///
/// # Errors
/// 400, 403, 404, 413 beyond 20 MiB, 415 for a kind that is not taken, 422 beyond 50 files, 507 when the disk is full.
#[utoipa::path(post, operation_id = "modules_join", path = "/api/modules/{module}/{objet}/{id}/fichiers", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"), Named),
    request_body(content = FichierEnvoye, content_type = "multipart/form-data"), responses(
    (status = 201, description = "The files of the row", body = Vec<Joint>),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem),
    (status = 413, description = "Beyond 20 MiB", body = Problem),
    (status = 415, description = "A kind that is not taken, or another content than the name says", body = Problem),
    (status = 422, description = "The row has 50 files", body = Problem),
    (status = 507, description = "The disk is full", body = Problem)
))]
pub async fn join(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let demande = adresse.demande(&app, &agent, None)?;
    attach(&demande, id, sent(request).await?).await?;
    let files = files(&demande, id).await?;
    Ok((StatusCode::CREATED, [PRIVATE], Json(files)).into_response())
}
