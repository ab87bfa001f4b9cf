//! `/api/modules/{module}/{objet}/{id}/etapes` and `avenants`: steps of a row, and what changes while it is locked.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::demande::Adresse;
use super::documents::atelier;
use super::fiche::{Purpose, with_row};
use crate::access::droits::Action;
use crate::fichiers::Depot;
use crate::http::body::Body;
use crate::http::objets::{Champs, Demande, EtapeSignee, MAX_ROW, PRIVATE, key, purpose as named_purpose, version};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::etapes::{DocumentDeLEtape, Etapes, Franchissement, Parcours};
use crate::modules::objets::{Fiche, Saisie};

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/modules/{module}/{objet}/{id}/etapes", Agent, list)
        .post("/api/modules/{module}/{objet}/{id}/etapes/{etape}", Agent, (Content::Json, MAX_ROW), take)
        .get("/api/modules/{module}/{objet}/{id}/avenants", Agent, amendments)
        .post("/api/modules/{module}/{objet}/{id}/avenants", Agent, (Content::Json, MAX_ROW), amend)
}

/// What is said with a step.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Pas {
    /// Fields that the step requires, by their names.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    champs: Champs,
    /// Why it is taken; the journal keeps it.
    motif: Option<String>,
    /// Why the rules that the row would break are passed over, by who may; the journal keeps it.
    passer_outre: Option<String>,
}

/// What an amendment changes, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendement {
    /// Fields, by their names.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    champs: Champs,
    /// Why, in 1 to 2,000 characters.
    motif: String,
    /// Why the rules that the row would break are passed over, by who may; the journal keeps it.
    passer_outre: Option<String>,
}

/// The steps that leave the state of a row: those that may be taken now, and what keeps the others from being.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_steps", path = "/api/modules/{module}/{objet}/{id}/etapes", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "State and steps", body = Etapes),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row, or an object without steps", body = Problem)
))]
pub async fn list(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let parcours = parcours(&adresse, &agent)?;
    let demande = adresse.demande(&app, &agent, None)?;
    let regard = demande.regard_sur(Action::Lire, id).await?;
    let mut tx = demande.begin().await?;
    let etapes = parcours.etapes(&mut tx, &regard, id).await?;
    Ok(([PRIVATE], Json(etapes)).into_response())
}

/// Takes a row through a step, when its version is that of `If-Match`.
///
/// # Errors
/// 400 with each field that is refused or missing, 403 without the right or the role, 404, 409 from another state or when the
/// step's condition does not hold, 412 with the row as it now is, 428.
#[utoipa::path(post, operation_id = "modules_take_step", path = "/api/modules/{module}/{objet}/{id}/etapes/{etape}", tag = "modules", request_body = Pas,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"),
        ("etape" = String, Path, description = "Step"), Purpose, ("If-Match" = String, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 200, description = "The row, in its new state", body = Fiche),
        (status = 400, description = "Fields refused or missing, each with its reason", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right or role missing", body = Problem),
        (status = 404, description = "Unknown row or step", body = Problem),
        (status = 409, description = "From another state, or its condition does not hold", body = Problem),
        (status = 412, description = "Changed meanwhile", body = Problem),
        (status = 422, description = "Rules that the row would break", body = Problem),
        (status = 428, description = "If-Match is missing", body = Problem)
    ))]
pub async fn take(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id, etape)): Path<(String, String, String, String)>,
    Params(purpose): Params<Purpose>,
    headers: HeaderMap,
    Body(pas): Body<Pas>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let parcours = parcours(&adresse, &agent)?;
    let demande = adresse.demande(&app, &agent, purpose.finalite.as_deref())?;
    let demande = demande.passant_outre(pas.passer_outre.as_deref());
    let version = version(&headers)?.ok_or_else(Problem::version_required)?;
    let pas = Franchissement { etape: &etape, version, champs: &pas.champs, motif: pas.motif.as_deref() };
    let finalite = purpose.finalite.as_deref().map(named_purpose).transpose()?;
    let atelier = atelier(&app, &adresse, &agent, finalite.as_ref())?;
    let suite = DocumentDeLEtape::new(atelier, Depot::new(&app.config().data_dir));
    match franchit(&parcours, &demande, id, &pas, &suite).await {
        Ok(()) => demande.montre(StatusCode::OK, id, &adresse.place()).await,
        Err(problem) => Err(with_row(&demande, id, problem).await),
    }
}

async fn franchit(
    parcours: &Parcours<'_>,
    demande: &Demande<'_>,
    id: uuid::Uuid,
    pas: &Franchissement<'_>,
    suite: &DocumentDeLEtape<'_>,
) -> Result<(), Problem> {
    let plume = demande.plume_sur(Action::Transiter, id).await?;
    let mut tx = demande.begin().await?;
    let taken = parcours.franchir(&mut tx, &plume, id, pas, suite).await;
    taken.map_err(|error| error.nommee(demande.modele))?;
    Ok(tx.commit().await?)
}

/// What changed while a row was locked, newest first, with the reasons.
///
/// # Errors
/// 401, 403, 404.
#[utoipa::path(get, operation_id = "modules_amendments", path = "/api/modules/{module}/{objet}/{id}/avenants", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"), Purpose), responses(
    (status = 200, description = "Amendments", body = Vec<EtapeSignee>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row", body = Problem)
))]
pub async fn amendments(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let avenants = adresse.demande(&app, &agent, purpose.finalite.as_deref())?.avenants(key(&id)?).await?;
    Ok(([PRIVATE], Json(avenants)).into_response())
}

/// Changes a locked row whose version is that of `If-Match`, for a reason that its history keeps.
///
/// # Errors
/// 400 with each field that is refused, or without a reason, 403, 404, 409 for a row that is not locked, 412, 428.
#[utoipa::path(post, operation_id = "modules_amend", path = "/api/modules/{module}/{objet}/{id}/avenants", tag = "modules", request_body = Amendement,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"), ("id" = Uuid, Path, description = "Key"),
        Purpose, ("If-Match" = String, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 200, description = "The row, amended", body = Fiche),
        (status = 400, description = "Fields refused, or no reason", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown row", body = Problem),
        (status = 409, description = "It is not locked", body = Problem),
        (status = 412, description = "Changed meanwhile", body = Problem),
        (status = 422, description = "Rules that the row would break", body = Problem),
        (status = 428, description = "If-Match is missing", body = Problem)
    ))]
pub async fn amend(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
    headers: HeaderMap,
    Body(amendement): Body<Amendement>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let demande = adresse.demande(&app, &agent, purpose.finalite.as_deref())?;
    let demande = demande.passant_outre(amendement.passer_outre.as_deref());
    let version = version(&headers)?.ok_or_else(Problem::version_required)?;
    let saisie = Saisie { champs: &amendement.champs, geometrie: None, insee: None };
    match demande.amender(id, version, &saisie, &amendement.motif).await {
        Ok(()) => demande.montre(StatusCode::OK, id, &adresse.place()).await,
        Err(problem) => Err(with_row(&demande, id, problem).await),
    }
}

fn parcours<'a>(adresse: &'a Adresse, agent: &'a Agent) -> Result<Parcours<'a>, Problem> {
    let (module, objet) = adresse.charge().ok_or_else(Problem::internal)?;
    Parcours::new(module, objet, agent.identite())
        .ok_or_else(|| Problem::not_found("Cet objet n'a pas d'étapes ; son schéma le dit."))
}
