//! `/api/rgpd`: the register of processing, what is past its term, and lists for the Archives.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::format_description;
use utoipa::ToSchema;

use crate::access::droits::Action;
use crate::db::{Canal, TenantTx};
use crate::http::body::Body;
use crate::http::download::attachment;
use crate::http::objets::{PRIVATE, key};
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::conservation::{
    self, Bordereau, Concernees, ConservationError, Echeance, Traitement, approuve, bordereaux, concernees, echeances,
    execute, exporte, propose,
};
use crate::modules::objets::{OBJET_ELIMINATION, Regard};

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/rgpd/registre", Agent, register)
        .get("/api/rgpd/echeances", Agent, due)
        .get("/api/rgpd/eliminations", Agent, list)
        .post("/api/rgpd/eliminations", Agent, (Content::Json, 1024), make)
        .get("/api/rgpd/eliminations/{id}/fiches", Agent, rows)
        .get("/api/rgpd/eliminations/{id}/export", Agent, export)
        .post("/api/rgpd/eliminations/{id}/approuver", Agent, (Content::Json, 2048), approve)
        .post("/api/rgpd/eliminations/{id}/executer", Agent, (Content::None, 0), carry_out)
}

/// The register of processing (RGPD, article 30) of installed modules.
#[utoipa::path(get, operation_id = "rgpd_registre", path = "/api/rgpd/registre", tag = "rgpd", responses(
    (status = 200, description = "Each processing", body = Vec<Traitement>),
    (status = 401, description = "Nobody known asks", body = Problem)
))]
pub async fn register(State(app): State<App>, _: Agent) -> Response {
    ([PRIVATE], Json(conservation::registre(&app.modules()))).into_response()
}

async fn begin(app: &App, agent: &Agent, action: Action) -> Result<TenantTx, Problem> {
    agent.droit(&OBJET_ELIMINATION, action)?;
    Ok(app.collectivites().begin(&agent.acteur(Canal::Api)?).await?)
}

/// Personal data past their term, by object and purpose.
///
/// # Errors
/// 401, 403.
#[utoipa::path(get, operation_id = "rgpd_echeances", path = "/api/rgpd/echeances", tag = "rgpd", responses(
    (status = 200, description = "What is past its term", body = Vec<Echeance>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem)
))]
pub async fn due(State(app): State<App>, agent: Agent) -> Result<Response, Problem> {
    let mut tx = begin(&app, &agent, Action::Lire).await?;
    Ok(([PRIVATE], Json(echeances(&mut tx, &app.modules()).await?)).into_response())
}

/// Lists for the Archives.
///
/// # Errors
/// 401, 403.
#[utoipa::path(get, operation_id = "eliminations_list", path = "/api/rgpd/eliminations", tag = "rgpd", responses(
    (status = 200, description = "Lists, newest first", body = Vec<Bordereau>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem)
))]
pub async fn list(State(app): State<App>, agent: Agent) -> Result<Response, Problem> {
    let mut tx = begin(&app, &agent, Action::Lire).await?;
    Ok(([PRIVATE], Json(bordereaux(&mut tx, &app.modules()).await?)).into_response())
}

/// What a list is of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposition {
    /// Object.
    objet: String,
    /// Purpose.
    finalite: String,
}

/// Makes the list of rows past their term.
///
/// # Errors
/// 401, 403, 422 when none is.
#[utoipa::path(post, operation_id = "eliminations_create", path = "/api/rgpd/eliminations", tag = "rgpd", request_body = Proposition, responses(
    (status = 201, description = "The list", body = Bordereau),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 422, description = "Nothing is past its term", body = Problem)
))]
pub async fn make(State(app): State<App>, agent: Agent, Body(wanted): Body<Proposition>) -> Result<Response, Problem> {
    let mut tx = begin(&app, &agent, Action::Creer).await?;
    let made = propose(&mut tx, &app.modules(), &wanted.objet, &wanted.finalite).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, [PRIVATE], Json(made)).into_response())
}

/// The rows of a list as they stand now: what carrying it out would touch. Names are those open to who asks without a purpose.
///
/// # Errors
/// 401, 403, 404, 422.
#[utoipa::path(get, operation_id = "eliminations_rows", path = "/api/rgpd/eliminations/{id}/fiches", tag = "rgpd",
    params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "How many rows, and the first of them", body = Concernees),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown list", body = Problem),
    (status = 422, description = "Carried out already, or its module is not loaded", body = Problem)
))]
pub async fn rows(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = key(&id)?;
    let mut tx = begin(&app, &agent, Action::Lire).await?;
    let regard = |modele| Regard::new(agent.identite(), modele, Action::Lire, None).ok();
    let found = concernees(&mut tx, &app.modules(), id, regard).await?;
    Ok(([PRIVATE], Json(found)).into_response())
}

/// The list as a CSV, for the Archives; leaves a line in the journal of looks.
///
/// # Errors
/// 401, 403, 404, 422.
#[utoipa::path(get, operation_id = "eliminations_export", path = "/api/rgpd/eliminations/{id}/export", tag = "rgpd",
    params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "text/csv"),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown list", body = Problem),
    (status = 422, description = "Carried out already", body = Problem)
))]
pub async fn export(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = key(&id)?;
    let mut tx = begin(&app, &agent, Action::Exporter).await?;
    let bytes = exporte(&mut tx, &app.modules(), id).await?;
    tx.commit().await?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, [attachment(&format!("bordereau-{id}.csv"))], bytes).into_response())
}

/// The approval of the Archives.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visa {
    /// Its reference.
    visa: String,
    /// Its date, `AAAA-MM-JJ`.
    le: String,
}

/// Marks the list as approved by the Archives.
///
/// # Errors
/// 400, 401, 403, 404, 422 before it was exported.
#[utoipa::path(post, operation_id = "eliminations_approve", path = "/api/rgpd/eliminations/{id}/approuver", tag = "rgpd", request_body = Visa,
    params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "The list", body = Bordereau),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown list", body = Problem),
    (status = 422, description = "Not exported, or carried out already", body = Problem)
))]
pub async fn approve(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Body(visa): Body<Visa>,
) -> Result<Response, Problem> {
    let le = Date::parse(&visa.le, format_description!("[year]-[month]-[day]"));
    let le = le.map_err(|_| Problem::bad_request("« le » est une date AAAA-MM-JJ."))?;
    let mut tx = begin(&app, &agent, Action::Changer).await?;
    let approved = approuve(&mut tx, &app.modules(), key(&id)?, &visa.visa, le).await?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(approved)).into_response())
}

/// What was carried out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Execution {
    /// Rows whose personal fields left for good.
    nombre: i64,
}

/// Carries the list out: personal fields leave the rows and their history, for good.
///
/// # Errors
/// 401, 403, 404, 422 before it was exported and approved.
#[utoipa::path(post, operation_id = "eliminations_execute", path = "/api/rgpd/eliminations/{id}/executer", tag = "rgpd",
    params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "How many rows", body = Execution),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown list", body = Problem),
    (status = 422, description = "Not exported, not approved, or carried out already", body = Problem)
))]
pub async fn carry_out(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    let mut tx = begin(&app, &agent, Action::Changer).await?;
    let nombre = execute(&mut tx, &app.modules(), key(&id)?).await?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(Execution { nombre })).into_response())
}

impl From<ConservationError> for Problem {
    fn from(error: ConservationError) -> Self {
        match error {
            ConservationError::Absent => Self::not_found(error.to_string()),
            ConservationError::Base(cause) => cause.into(),
            ConservationError::Journal(cause) => cause.into(),
            ConservationError::Fichier(_) => {
                tracing::error!(%error, "bordereau");
                Self::internal()
            }
            refused => Self::unprocessable(refused.to_string()),
        }
    }
}
