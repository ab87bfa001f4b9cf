//! `/api/vues`: views that an account keeps of a list.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::db::Canal;
use crate::http::body::Body;
use crate::http::objets::PRIVATE;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::vues::{self, Changement, Vue, VueError};

/// Longest body: a state of 16 KiB, and its name.
const MAX_VIEW: usize = 24 << 10;

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/vues", Agent, list)
        .post("/api/vues", Agent, (Content::Json, MAX_VIEW), keep)
        .patch("/api/vues/{id}", Agent, MAX_VIEW, change)
        .delete("/api/vues/{id}", Agent, remove)
}

/// Views of which list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Of {
    /// Module.
    module: String,
    /// Object.
    objet: String,
}

/// A view to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NouvelleVue {
    /// Module.
    module: String,
    /// Object.
    objet: String,
    /// Name, of 80 characters at most.
    nom: String,
    /// Whether every account of the collectivité that reads the object finds it.
    #[serde(default)]
    partagee: bool,
    /// What a screen needs to open it again: a text or an object, of 16 KiB at most.
    #[schema(value_type = Object)]
    etat: Value,
}

/// What is changed of a view.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VueChangee {
    /// Name.
    nom: Option<String>,
    /// Whether it is shared.
    partagee: Option<bool>,
    /// State.
    #[schema(value_type = Option<Object>)]
    etat: Option<Value>,
}

/// Views of a list: one's own, and those that the collectivité shares.
///
/// # Errors
/// 400, 401, 403, 404.
#[utoipa::path(get, operation_id = "views", path = "/api/vues", tag = "modules", params(Of), responses(
    (status = 200, description = "Views, one's own first", body = Vec<Vue>),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem)
))]
pub async fn list(State(app): State<App>, agent: Agent, Params(of): Params<Of>) -> Result<Response, Problem> {
    let objet = readable(&app, &agent, &of.module, &of.objet)?;
    let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Api)?).await?;
    Ok(([PRIVATE], Json(vues::lister(&mut tx, objet).await?)).into_response())
}

/// Keeps a view of a list.
///
/// # Errors
/// 400, 401, 403, 404, 422 beyond 50 views.
#[utoipa::path(post, operation_id = "views_keep", path = "/api/vues", tag = "modules", request_body = NouvelleVue, responses(
    (status = 201, description = "The view", body = Vue),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem),
    (status = 422, description = "Too many views", body = Problem)
))]
pub async fn keep(State(app): State<App>, agent: Agent, Body(vue): Body<NouvelleVue>) -> Result<Response, Problem> {
    agent.identite().peut_ecrire()?;
    let objet = readable(&app, &agent, &vue.module, &vue.objet)?;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    let kept = vues::garder(&mut tx, objet, &vue.nom, vue.partagee, &vue.etat).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, [PRIVATE], Json(kept)).into_response())
}

/// Changes a view of one's own.
///
/// # Errors
/// 400, 401, 403, 404 for another's.
#[utoipa::path(patch, operation_id = "views_change", path = "/api/vues/{id}", tag = "modules", request_body = VueChangee,
    params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "The view", body = Vue),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Nothing is written so", body = Problem),
    (status = 404, description = "Unknown view, or another's", body = Problem)
))]
pub async fn change(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Body(changee): Body<VueChangee>,
) -> Result<Response, Problem> {
    agent.identite().peut_ecrire()?;
    let VueChangee { nom, partagee, etat } = changee;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    let vue = vues::changer(&mut tx, known(&id)?, &Changement { nom, partagee, etat }).await?;
    tx.commit().await?;
    Ok(([PRIVATE], Json(vue)).into_response())
}

/// Throws a view of one's own away.
///
/// # Errors
/// 401, 403, 404 for another's.
#[utoipa::path(delete, operation_id = "views_remove", path = "/api/vues/{id}", tag = "modules",
    params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 204, description = "Thrown away"),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Nothing is written so", body = Problem),
    (status = 404, description = "Unknown view, or another's", body = Problem)
))]
pub async fn remove(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    agent.identite().peut_ecrire()?;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Api)?).await?;
    vues::retirer(&mut tx, known(&id)?).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The name of an object that the account reads.
fn readable(app: &App, agent: &Agent, module: &str, objet: &str) -> Result<&'static str, Problem> {
    let modele = Adresse::new(app, module, objet)?.modele()?;
    agent.droit(modele.objet, Action::Lire)?;
    Ok(modele.objet.nom)
}

fn known(id: &str) -> Result<Uuid, Problem> {
    id.parse().map_err(|_| VueError::Absente.into())
}
