//! `/extraits` and `/travaux/{id}`: a batch of extracts asked for, followed, cancelled without JavaScript.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{cadre, page, refused};
use crate::http::body::Form;
use crate::http::depositor::Depositor;
use crate::http::problem::Problem;
use crate::http::qui::Qui;
use crate::http::state::App;
use crate::http::travaux::seen;
use crate::portal::{ExtraitsPage, Formulaire, SCALES, TravailPage};
use crate::print;
use crate::territory::extent;

const TITLE: &str = "Extraits par lot";

/// The fields of the form; those left empty are proposed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    references: String,
    commune: String,
    format: String,
    orientation: String,
    echelle: String,
    fond: String,
    sortie: String,
}

/// The form; `?references=` fills it.
///
/// # Errors
/// 503 when the database is away.
pub async fn form(State(app): State<App>, Query(params): Query<Vec<(String, String)>>) -> Result<Response, Problem> {
    let param =
        |name: &str| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let saisie = Formulaire { references: param("references"), commune: param("commune"), ..Formulaire::default() };
    shown(&app, StatusCode::OK, &saisie, None).await
}

/// Deposits the job and leads to its page; a refusal gives the form back as it was filled.
///
/// # Errors
/// 503 when the database is away.
pub async fn deposit(
    State(app): State<App>,
    qui: Qui,
    Depositor(demandeur): Depositor,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let Fields { references, commune, format, orientation, echelle, fond, sortie } = fields;
    let saisie = Formulaire { references, commune, format, orientation, echelle, fond, sortie };
    if saisie.references.trim().is_empty() {
        let missing = "Aucune référence n'est donnée : écrivez-en une par ligne, par exemple « AB 145 ».";
        return shown(&app, StatusCode::UNPROCESSABLE_ENTITY, &saisie, Some(missing)).await;
    }
    match app.jobs().deposit_for("extraits", parametres(&saisie), &demandeur, qui.compte()).await {
        Ok(travail) => Ok(Redirect::to(&format!("/travaux/{}", travail.id)).into_response()),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.status >= 500 {
                return Err(problem);
            }
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            shown(&app, status, &saisie, Some(&problem.detail)).await
        }
    }
}

/// A job; `?arret=1` keeps the page from loading itself again.
///
/// # Errors
/// 503 when the database is away.
pub async fn job(
    State(app): State<App>,
    qui: Qui,
    Path(id): Path<String>,
    Query(params): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let travail = match seen(&app, &qui, &id).await {
        Ok(travail) => travail,
        Err(problem) if problem.status == 404 => return Ok(no_job()),
        Err(problem) => return Err(problem),
    };
    let stopped = params.iter().any(|(name, _)| name == "arret");
    let cadre = cadre(&app, "/travaux", TravailPage::titre(&travail));
    let mut response = page(StatusCode::OK, &TravailPage::new(cadre, &travail, !stopped))?;
    // The address is the key to the job: neither caches nor robots keep it.
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}

/// Cancels a job, and shows it.
///
/// # Errors
/// 503 when the database is away.
pub async fn cancel(State(app): State<App>, qui: Qui, Path(id): Path<String>) -> Result<Response, Problem> {
    let travail = match seen(&app, &qui, &id).await {
        Ok(travail) => travail,
        Err(problem) if problem.status == 404 => return Ok(no_job()),
        Err(problem) => return Err(problem),
    };
    Ok(match app.jobs().cancel(travail.id).await? {
        Some(travail) => Redirect::to(&format!("/travaux/{}", travail.id)).into_response(),
        None => no_job(),
    })
}

async fn shown(app: &App, status: StatusCode, saisie: &Formulaire, erreur: Option<&str>) -> Result<Response, Problem> {
    let communes = extent::communes(app.db_read(), None).await?;
    let fonds = print::printable(&app.config().fonds);
    let titre = erreur.map_or_else(|| TITLE.to_owned(), |_| format!("Demande refusée, {TITLE}"));
    page(status, &ExtraitsPage::new(cadre(app, "/extraits", titre), &communes, &fonds, &SCALES, saisie, erreur))
}

/// What the work reads; what is left empty is null: proposed.
fn parametres(saisie: &Formulaire) -> Value {
    let given = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let echelle = saisie.echelle.parse::<u32>().map_or_else(|_| given(&saisie.echelle), Value::from);
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    json!({
        "references": saisie.references,
        "parcelles": Value::Null,
        "commune": given(&saisie.commune),
        "format": or(&saisie.format, "A4"),
        "orientation": given(&saisie.orientation),
        "echelle": echelle,
        "fond": given(&saisie.fond),
        "sortie": or(&saisie.sortie, "pdf"),
    })
}

fn no_job() -> Response {
    refused(
        StatusCode::NOT_FOUND,
        "Ce travail n'existe pas",
        "Il a été effacé avec son résultat, ou son adresse comporte une faute ; demandez-le de nouveau.",
        Some(("Demander des extraits".to_owned(), "/extraits".to_owned())),
    )
}
