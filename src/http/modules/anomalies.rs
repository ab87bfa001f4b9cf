//! Breaches of today's rules by rows taken over.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::http::objets::PRIVATE;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::import::PageAnomalies;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/modules/{module}/{objet}/anomalies", Audience::Agent, list)
}

/// Which anomalies.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Those that ended, and they alone.
    levees: bool,
    /// Rank of the first, from 0.
    rang: i64,
    /// Anomalies at most (1 to 1000, 100 unless told).
    limite: Option<i64>,
}

/// What rows taken over breach of today's rules, of the rows and fields that one may read.
///
/// # Errors
/// 400, 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_anomalies", path = "/api/modules/{module}/{objet}/anomalies", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), Wanted), responses(
    (status = 200, description = "Anomalies, newest first", body = PageAnomalies),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object", body = Problem)
))]
pub async fn list(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet)): Path<(String, String)>,
    Params(wanted): Params<Wanted>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let regard = demande.regard(Action::Lire)?;
    let mut tx = demande.begin().await?;
    let page = regard.anomalies(&mut tx, wanted.levees, wanted.rang, wanted.limite.unwrap_or(100)).await?;
    Ok(([PRIVATE], Json(page)).into_response())
}
