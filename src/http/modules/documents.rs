//! Letters and acts of rows: one at once, many in a job.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use finage_documents::{Defaut, GabaritError};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::demande::Adresse;
use super::fiche::Purpose;
use super::liste::Wanted;
use crate::access::journal::Finalite;
use crate::db::Canal;
use crate::http::body::Body;
use crate::http::depositor::Depositor;
use crate::http::download::attachment;
use crate::http::objets::{key, purpose};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::jobs::Travail;
use crate::modules::documents::{Atelier, Commande, DocumentError, MAX_LOT, Moule};
use crate::modules::objets::{FauteChamp, ObjetError, refus};

/// Longest request of a job: keys of as many rows as a job takes.
const MAX_DEMANDE: usize = 256 << 10;

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes.get("/api/modules/{module}/{objet}/{id}/documents/{document}", Agent, show).post(
        "/api/modules/{module}/{objet}/documents/{document}",
        Agent,
        (Content::Json, MAX_DEMANDE),
        batch,
    )
}

/// Who asks for documents, at an address.
pub(super) fn atelier<'a>(
    app: &'a App,
    adresse: &'a Adresse,
    agent: &'a Agent,
    finalite: Option<&'a Finalite>,
) -> Result<Atelier<'a>, Problem> {
    let (module, objet) = adresse.charge().ok_or_else(Problem::internal)?;
    let portail = &app.config().portail;
    Ok(Atelier { registry: adresse.registry(), module, objet, qui: agent.identite(), portail, finalite })
}

/// The PDF of a row, under the rights of who asks: what is closed to it is empty. Leaves an act; with personal fields, a line
/// in the journal of looks.
///
/// # Errors
/// 400 for a purpose that lacks or is not the document's, 403, 404, 409 where the document is not for the row, 422 for a
/// template that does not compose it.
#[utoipa::path(get, operation_id = "modules_document", path = "/api/modules/{module}/{objet}/{id}/documents/{document}", tag = "modules",
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("id" = Uuid, Path, description = "Key"), ("document" = String, Path, description = "Document"), Purpose), responses(
    (status = 200, description = "The document", body = Vec<u8>, content_type = "application/pdf"),
    (status = 400, description = "Purpose missing, or another than the document's", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown row or document", body = Problem),
    (status = 409, description = "Not for this row in its state", body = Problem),
    (status = 422, description = "The template does not compose it: its line is told", body = Problem)
))]
pub async fn show(
    State(app): State<App>,
    agent: Agent,
    Path((module, objet, id, document)): Path<(String, String, String, String)>,
    Params(asked): Params<Purpose>,
) -> Result<Response, Problem> {
    let (adresse, id) = (Adresse::new(&app, &module, &objet)?, key(&id)?);
    let finalite = asked.finalite.as_deref().map(purpose).transpose()?;
    let atelier = atelier(&app, &adresse, &agent, finalite.as_ref())?;
    let document = atelier.document(&document)?;
    let mut tx = app.collectivites().begin(&agent.acteur(Canal::Export)?).await?;
    let regard = match atelier.regard(&document) {
        Ok(regard) => regard,
        // That the right is missing is said of one's own collectivité's rows alone.
        Err(cause @ DocumentError::Objet(ObjetError::Refus(_))) => {
            return Err(match refus(&mut tx, adresse.modele()?, id).await? {
                absente @ ObjetError::Absente => absente.into(),
                _ => cause.into(),
            });
        }
        Err(cause) => return Err(cause.into()),
    };
    let source = atelier.source(&mut tx, &document).await?;
    let feuille = atelier.recueille(&mut tx, &regard, id, &document).await?;
    // The lines of the journal are there before anything is shown.
    tx.commit().await?;
    let nom = feuille.nom.clone();
    let pdf = app.drawing(async move { Moule::coule(source, &document).await?.rendre(feuille).await }).await??;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        attachment(&nom),
    ];
    Ok((headers, pdf).into_response())
}

/// Documents of many rows: these keys, else the rows that conditions give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DemandeDeLot {
    /// Keys of rows, 5,000 at most; the conditions are then left aside.
    ids: Option<Vec<Uuid>>,
    /// Condition in CQL2 text, on fields that are open.
    filter: Option<String>,
    /// One of the lists of the manifest.
    liste: Option<String>,
    /// Words that searched fields contain.
    q: Option<String>,
    /// Purpose for which personal fields are shown.
    finalite: Option<String>,
    /// One PDF of all rather than a ZIP of a PDF a row.
    en_un_fichier: bool,
    /// Of labels: rank of the first that is left on the sheet, from 1.
    debut: usize,
}

impl Default for DemandeDeLot {
    fn default() -> Self {
        Self { ids: None, filter: None, liste: None, q: None, finalite: None, en_un_fichier: true, debut: 1 }
    }
}

/// Deposits a job that makes a document for each of many rows, under the rights that who asks has when it runs.
///
/// # Errors
/// 400, 403, 404, 422 for no row or more than 5,000, 429 for too many jobs.
#[utoipa::path(post, operation_id = "modules_documents", path = "/api/modules/{module}/{objet}/documents/{document}", tag = "modules", request_body = DemandeDeLot,
    params(("module" = String, Path, description = "Module"), ("objet" = String, Path, description = "Object"),
        ("document" = String, Path, description = "Document")), responses(
    (status = 202, description = "The job, waiting", body = Travail, headers(("Location" = String, description = "Address of the job"))),
    (status = 400, description = "Malformed request, or purpose missing", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown object or document", body = Problem),
    (status = 422, description = "No row, or too many", body = Problem),
    (status = 429, description = "Too many jobs; Retry-After says when", body = Problem)
))]
pub async fn batch(
    State(app): State<App>,
    agent: Agent,
    Depositor(demandeur): Depositor,
    Path((module, objet, document)): Path<(String, String, String)>,
    Body(asked): Body<DemandeDeLot>,
) -> Result<Response, Problem> {
    let adresse = Adresse::new(&app, &module, &objet)?;
    let finalite = asked.finalite.as_deref().map(purpose).transpose()?;
    let atelier = atelier(&app, &adresse, &agent, finalite.as_ref())?;
    let document = atelier.document(&document)?;
    if !document.batch {
        return Err(DocumentError::SansLot(document.label).into());
    }
    let regard = atelier.regard(&document)?;
    let acteur = agent.acteur(Canal::Api)?;
    let ids = if let Some(ids) = asked.ids {
        ids
    } else {
        {
            let filtre = Wanted::conditions(asked.filter, asked.q, asked.liste, false).filtre(&adresse, &regard)?;
            let mut tx = app.collectivites().begin_read(&acteur).await?;
            regard.cles(&mut tx, &filtre, MAX_LOT).await?
        }
    };
    let commande = Commande {
        module,
        objet,
        document: document.id,
        collectivite: acteur.collectivite,
        finalite: asked.finalite,
        ids,
        en_un_fichier: asked.en_un_fichier,
        debut: asked.debut,
    };
    let parametres = serde_json::to_value(commande).map_err(|_| Problem::internal())?;
    let compte = Some(agent.identite().compte.id);
    let travail = app.jobs().deposit_for("publipostage", parametres, &demandeur, compte).await?;
    let location = format!("/api/travaux/{}", travail.id);
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((StatusCode::ACCEPTED, headers, Json(travail)).into_response())
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        let sentence = error.to_string();
        match error {
            DocumentError::Objet(cause) => cause.into(),
            DocumentError::Fichier(cause) => cause.into(),
            DocumentError::Inconnu => Self::not_found(sentence),
            DocumentError::SansFinalite { .. } | DocumentError::AutreFinalite(_) | DocumentError::SansLot(_) => {
                Self::bad_request(sentence)
            }
            DocumentError::HorsCondition(_) | DocumentError::SansSurcharge => Self::conflict(sentence),
            DocumentError::Gabarit { cause: GabaritError::Occupe, .. } | DocumentError::RequeteLente(_) => {
                Self::busy(sentence)
            }
            DocumentError::Gabarit { cause: GabaritError::Interne(_), .. } => {
                tracing::error!(cause = %sentence, "document");
                Self::internal()
            }
            DocumentError::Gabarit { cause, .. } => Self { champs: lines(&cause), ..Self::unprocessable(sentence) },
            DocumentError::Requete(_) | DocumentError::TropDeLignes(_) => Self::unprocessable(sentence),
        }
    }
}

/// Where a template is wrong, beside its text.
fn lines(cause: &GabaritError) -> Vec<FauteChamp> {
    let GabaritError::Gabarit(defauts) = cause else { return Vec::new() };
    let dite = |defaut: &Defaut| {
        let message = if defaut.typst.is_empty() { defaut.to_string() } else { format!("{defaut} [{}]", defaut.typst) };
        FauteChamp::new("texte", message)
    };
    defauts.iter().map(dite).collect()
}
