//! Breaches of today's rules by rows taken over: listed, and ended by hand.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::demande::Adresse;
use crate::access::droits::Action;
use crate::access::journal::Noms;
use crate::http::body::Body;
use crate::http::objets::PRIVATE;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::import::{Anomalie, AnomalieError, Lesquelles, leve};

/// Longest body: a note of 2,000 characters, each escaped.
const MAX_BODY: usize = 32 << 10;

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes.get("/api/modules/{module}/{objet}/anomalies", Agent, list).post(
        "/api/modules/{module}/{objet}/anomalies/{id}/lever",
        Agent,
        (Content::Json, MAX_BODY),
        settle,
    )
}

/// Which anomalies.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Those that ended, and they alone.
    levees: bool,
    /// Those of this row, by its key.
    cle: Option<Uuid>,
    /// Rank of the first, from 0.
    rang: i64,
    /// Anomalies at most (1 to 1000, 100 unless told).
    limite: Option<i64>,
}

/// An anomaly, with who ended it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnomalieSignee {
    /// The anomaly.
    #[serde(flatten)]
    anomalie: Anomalie,
    /// E-mail of the account that ended it; none while it lasts, for the command line, or for an account that is gone.
    levee_par: Option<String>,
}

/// Anomalies, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageAnomalies {
    /// All of them.
    total: i64,
    /// Rank of the first of this page, from 0.
    rang: i64,
    /// Those of this page.
    anomalies: Vec<AnomalieSignee>,
}

/// Why an anomaly is settled though its row stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reglement {
    /// In 1 to 2,000 characters.
    note: String,
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
    let lesquelles = if wanted.levees { Lesquelles::Levees(wanted.cle) } else { Lesquelles::Ouvertes(wanted.cle) };
    let page = regard.anomalies(&mut tx, lesquelles, wanted.rang, wanted.limite.unwrap_or(100)).await?;
    let (total, rang) = (page.total, page.rang);
    Ok(([PRIVATE], Json(PageAnomalies { total, rang, anomalies: signed(&app, page.anomalies).await? })).into_response())
}

/// Settles an anomaly whose row stays as it is, with a note that the journal keeps. It takes the right to change the row.
///
/// # Errors
/// 400 without a note, 401, 403, 404, 409 when it ended before.
#[utoipa::path(post, operation_id = "modules_anomaly_settle", path = "/api/modules/{module}/{objet}/anomalies/{id}/lever", tag = "modules",
    request_body = Reglement,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key of the anomaly")), responses(
    (status = 200, description = "The anomaly, ended", body = AnomalieSignee),
    (status = 400, description = "No note", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown anomaly, or not open to who asks", body = Problem),
    (status = 409, description = "Ended before", body = Problem)
))]
pub async fn settle(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Body(reglement): Body<Reglement>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let id = id.parse().map_err(|_| AnomalieError::Absente)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let (regard, plume) = (demande.regard(Action::Lire)?, demande.plume(Action::Changer)?);
    let mut tx = demande.begin().await?;
    let ended = leve(&mut tx, &regard, &plume, id, &reglement.note).await?;
    tx.commit().await?;
    let ended = signed(&app, vec![ended]).await?.into_iter().next().ok_or_else(Problem::internal)?;
    Ok(([PRIVATE], Json(ended)).into_response())
}

async fn signed(app: &App, anomalies: Vec<Anomalie>) -> Result<Vec<AnomalieSignee>, Problem> {
    let noms = Noms::lit(app.acces().pool()).await?;
    let signed = |anomalie: Anomalie| {
        let levee_par = anomalie.levee_par.and_then(|id| noms.compte(id)).map(str::to_owned);
        AnomalieSignee { anomalie, levee_par }
    };
    Ok(anomalies.into_iter().map(signed).collect())
}

impl From<AnomalieError> for Problem {
    fn from(error: AnomalieError) -> Self {
        match error {
            AnomalieError::Absente => Self::not_found(error.to_string()),
            AnomalieError::Levee => Self::conflict(error.to_string()),
            AnomalieError::Note => Self::bad_request(error.to_string()),
            AnomalieError::Fiche(cause) => cause.into(),
            AnomalieError::Journal(cause) => cause.into(),
            AnomalieError::Base(cause) => cause.into(),
        }
    }
}
