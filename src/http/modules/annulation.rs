//! `POST /api/modules/{module}/{objet}/{id}/annuler`: one change undone, as another change.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::demande::Adresse;
use super::fiche::{Purpose, with_row};
use crate::http::body::Body;
use crate::http::objets::{key, version};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::{Fiche, Saisie};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/api/modules/{module}/{objet}/{id}/annuler", Audience::Agent, (Content::Json, 1024), undo)
}

/// The change to undo.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Annulation {
    /// Its rank, as the history gives it.
    rang: i64,
}

/// Undoes one change: its fields are as they were before it. What was changed since is left to who changed it: a field that
/// is no longer what the change made of it is refused.
///
/// # Errors
/// 400 for a field that changed since or that is refused, 403, 404, 412, 422 where there is nothing to undo, 428.
#[utoipa::path(post, operation_id = "modules_undo", path = "/api/modules/{module}/{objet}/{id}/annuler", tag = "modules", request_body = Annulation,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), Purpose, ("If-Match" = String, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 200, description = "The row, as it was before that change", body = Fiche),
        (status = 400, description = "A field changed since, or is refused", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing", body = Problem),
        (status = 404, description = "Unknown row or change", body = Problem),
        (status = 412, description = "Changed meanwhile", body = Problem),
        (status = 422, description = "Nothing that may be undone", body = Problem),
        (status = 428, description = "If-Match is missing", body = Problem)
    ))]
pub async fn undo(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id)): Path<(String, String, String)>,
    Params(purpose): Params<Purpose>,
    headers: HeaderMap,
    Body(annulation): Body<Annulation>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let demande = adresse.demande(&app, &agent, purpose.finalite.as_deref())?;
    let version = version(&headers)?.ok_or_else(Problem::version_required)?;
    let steps = demande.historique(id).await?;
    let step = steps.into_iter().map(|step| step.etape).find(|step| step.rang == annulation.rang);
    let step = step.ok_or_else(|| Problem::not_found("Ce changement n'est pas dans l'historique de la fiche."))?;
    if step.operation != "changement" {
        return Err(Problem::unprocessable("On annule un changement ; une création s'archive."));
    }
    let now = demande.fiche(id).await?;
    let changed = step.retour(demande.modele, &now.champs);
    let changed = changed.map_err(|error| error.nommee(demande.modele))?;
    let geometrie = if step.geometrie { demande.geometrie_avant(id, step.rang).await? } else { None };
    if changed.is_empty() && geometrie.is_none() {
        return Err(Problem::unprocessable(
            "Ce changement ne porte sur aucun champ qui vous soit ouvert en écriture ; il n'y a rien à annuler.",
        ));
    }
    let saisie = Saisie { champs: &changed, geometrie: geometrie.as_ref(), insee: None };
    match demande.changer(id, version, &saisie).await {
        Ok(()) => demande.montre(StatusCode::OK, id, &adresse.place()).await,
        Err(problem) => Err(with_row(&demande, id, problem).await),
    }
}
