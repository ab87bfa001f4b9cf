//! Templates of documents, as a collectivité rewrites them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::demande::Adresse;
use super::documents::atelier;
use crate::access::droits::{Action, Perimetre};
use crate::db::{Canal, TenantTx};
use crate::http::body::Body;
use crate::http::objets::{PRIVATE, version};
use crate::http::problem::Problem;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Routes};
use crate::http::state::App;
use crate::modules::documents::{Atelier, GabaritVu, Moule, essai, montre, remplace, retablit};
use crate::modules::objets::OBJET_GABARIT;

/// Longest request: a template of 256 KiB, written in JSON.
const MAX_TEXTE: usize = 640 << 10;

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/modules/{module}/{objet}/gabarits/{document}", Agent, show)
        .put("/api/modules/{module}/{objet}/gabarits/{document}", Agent, MAX_TEXTE, replace)
        .delete("/api/modules/{module}/{objet}/gabarits/{document}", Agent, reset)
}

/// Whether one may do this to the templates of its whole collectivité.
fn allowed(agent: &Agent, action: Action) -> Result<(), Problem> {
    if agent.droit(&OBJET_GABARIT, action)?.perimetre() != Perimetre::Partout {
        return Err(Problem::forbidden(
            "Un gabarit vaut pour toute la collectivité ; votre rôle ne vaut que pour certaines de ses communes.",
        ));
    }
    Ok(())
}

async fn begin(app: &App, agent: &Agent) -> Result<TenantTx, Problem> {
    Ok(app.collectivites().begin(&agent.acteur(Canal::Api)?).await?)
}

/// The template of a document: the module's text, the collectivité's when it has its own, and what differs.
///
/// # Errors
/// 403, 404.
#[utoipa::path(get, operation_id = "modules_gabarit", path = "/api/modules/{module}/{objet}/gabarits/{document}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("document" = String, Path, description = "Document")), responses(
    (status = 200, description = "The template; ETag is its version", body = GabaritVu),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object or document", body = Problem)
))]
pub async fn show(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, document)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let atelier = atelier(&app, &adresse, &agent, None)?;
    allowed(&agent, Action::Lire)?;
    let mut tx = begin(&app, &agent).await?;
    shown(&atelier, &mut tx, &document).await
}

/// A text that replaces the module's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reecriture {
    /// Typst template, 256 KiB at most.
    texte: String,
}

/// Puts a text in the place of the module's, for the collectivité of who asks, once a document of an example was made with it.
///
/// # Errors
/// 403, 404, 412 when `If-Match` is said and someone wrote another before, 422 with the lines that are wrong.
#[utoipa::path(put, operation_id = "modules_gabarit_replace", path = "/api/modules/{module}/{objet}/gabarits/{document}", tag = "modules", request_body = Reecriture,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("document" = String, Path, description = "Document"), ("If-Match" = Option<String>, Header, description = "Version, as ETag gave it; 0 for the module's text")), responses(
    (status = 200, description = "The template", body = GabaritVu),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object or document", body = Problem),
    (status = 412, description = "Changed meanwhile", body = Problem),
    (status = 422, description = "The text is wrong: its lines are told", body = Problem)
))]
pub async fn replace(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, document)): Path<(String, String, String)>,
    headers: HeaderMap,
    Body(Reecriture { texte }): Body<Reecriture>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let atelier = atelier(&app, &adresse, &agent, None)?;
    allowed(&agent, Action::Changer)?;
    // Text of PostgreSQL holds no NUL, and a template needs none.
    if texte.trim().is_empty() || texte.contains('\0') {
        return Err(Problem::bad_request("Le gabarit est vide ou contient un caractère nul."));
    }
    let demande = atelier.document(&document)?;
    let (source, exemple) = essai(&atelier, &demande, &texte);
    let tried = demande.clone();
    app.drawing(async move { Moule::coule(source, &tried).await?.rendre(exemple).await }).await??;
    let mut tx = begin(&app, &agent).await?;
    remplace(&atelier, &mut tx, &demande, &texte, version(&headers)?).await?;
    let shown = shown(&atelier, &mut tx, &document).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Goes back to the module's text; the collectivité's own stays in its history.
///
/// # Errors
/// 403, 404, 409 when it has the module's text already, 412.
#[utoipa::path(delete, operation_id = "modules_gabarit_reset", path = "/api/modules/{module}/{objet}/gabarits/{document}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("document" = String, Path, description = "Document"), ("If-Match" = Option<String>, Header, description = "Version, as ETag gave it")), responses(
    (status = 204, description = "The module's text makes documents again"),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object or document", body = Problem),
    (status = 409, description = "It has the module's text already", body = Problem),
    (status = 412, description = "Changed meanwhile", body = Problem)
))]
pub async fn reset(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, document)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let atelier = atelier(&app, &adresse, &agent, None)?;
    allowed(&agent, Action::Changer)?;
    let mut tx = begin(&app, &agent).await?;
    retablit(&atelier, &mut tx, &atelier.document(&document)?, version(&headers)?).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(atelier: &Atelier<'_>, tx: &mut TenantTx, document: &str) -> Result<Response, Problem> {
    let document = atelier.document(document)?;
    let vu = montre(atelier, tx, &document).await?;
    Ok(([PRIVATE], [(header::ETAG, format!("\"{}\"", vu.version))], Json(vu)).into_response())
}
