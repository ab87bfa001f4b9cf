//! `/droits/{objet}` and `/api/droits/{objet}/{cle}`: who sees a record, and why.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::catalogue;
use super::pages;
use super::problem::Problem;
use super::query::Params;
use super::qui::Agent;
use super::route::{Audience, Routes};
use super::state::App;
use crate::access::droits::catalogue::ATTRIBUTION;
use crate::access::droits::explication::{Explication, explique};
use crate::access::droits::{Action, Objet};
use crate::db::Canal;
use crate::portal::{Faute, QuiVoitPage};

/// Adds these routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/api/droits/{objet}/{cle}", Audience::Agent, explain).get("/droits/{objet}", Audience::Agent, page)
}

/// Which record.
#[derive(Debug, Deserialize)]
pub struct Question {
    #[serde(default)]
    cle: String,
}

/// Qui voit une fiche, et pourquoi : chaque droit de chaque compte de la collectivité, essayé sur elle.
///
/// # Errors
/// 403 without the right to read attributions, 404 for a record that the collectivité does not reach.
#[utoipa::path(
    get,
    operation_id = "droits_explain",
    path = "/api/droits/{objet}/{cle}",
    tag = "droits",
    params(
        ("objet" = String, Path, description = "Genre d'objet, par exemple annotation"),
        ("cle" = Uuid, Path, description = "Identifiant de la fiche")
    ),
    responses(
        (status = 200, description = "Qui la voit", body = Explication),
        (status = 401, description = "Sans compte", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Sans le droit de lire les rôles des comptes", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Fiche inconnue de la collectivité", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn explain(
    State(app): State<App>,
    agent: Agent,
    Path((objet, cle)): Path<(String, String)>,
) -> Result<Json<Explication>, Problem> {
    agent.droit(&ATTRIBUTION, Action::Lire)?;
    let objet = catalogue::fiches(&app.modules()).find(|une| une.nom == objet).ok_or_else(unknown)?;
    found(&app, &agent, objet, &cle, Canal::Api).await?.map(Json).ok_or_else(unknown)
}

/// The same as a page, with a form that asks for the record.
///
/// # Errors
/// 403 without the right to read attributions, 404 for an unknown object.
pub async fn page(
    State(app): State<App>,
    agent: Agent,
    Path(objet): Path<String>,
    Params(question): Params<Question>,
) -> Result<Response, Problem> {
    agent.droit(&ATTRIBUTION, Action::Lire)?;
    let objet = catalogue::fiches(&app.modules()).find(|une| une.nom == objet).ok_or_else(unknown)?;
    let cle = question.cle.trim();
    let explication = if cle.is_empty() { None } else { found(&app, &agent, objet, cle, Canal::Page).await? };
    let (status, faute) = if cle.is_empty() || explication.is_some() {
        (StatusCode::OK, Faute::default())
    } else {
        (StatusCode::NOT_FOUND, Faute::new(Some("cle"), "aucune fiche de votre collectivité n'a cet identifiant"))
    };
    let frame = pages::cadre(&app, "/roles", format!("Qui voit : {}", objet.libelle));
    pages::page_agent(status, &QuiVoitPage::new(frame, objet, cle, &faute, explication.as_ref()))
}

async fn found(
    app: &App,
    agent: &Agent,
    objet: &'static Objet,
    cle: &str,
    canal: Canal,
) -> Result<Option<Explication>, Problem> {
    let Ok(cle) = cle.parse::<Uuid>() else { return Ok(None) };
    let mut tx = app.collectivites().begin_read(&agent.acteur(canal)?).await?;
    Ok(explique(app.acces().pool(), &mut tx, objet, cle).await?)
}

fn unknown() -> Problem {
    Problem::not_found("Aucune fiche de votre collectivité n'a cet identifiant.")
}
