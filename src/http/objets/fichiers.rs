//! `/api/annotations/{id}/fichiers` and `/api/fichiers/{id}`: files attached to a row, under the rights of that row.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::body;
use axum::extract::{FromRequest as _, Multipart, Path, Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Demande, PRIVATE, key};
use crate::access::droits::Action;
use crate::fichiers::{Depot, FichierError, Genre, MAX_OCTETS, nettoye};
use crate::http::download::{attachment, inline};
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::{ANNOTATION, Accroche, Joint, Modele, Nouveau, accroche};

/// Longest body: a file, and the marks of a form around it.
pub const MAX_UPLOAD: usize = MAX_OCTETS + (64 << 10);
/// Whatever the file is, a browser runs nothing of it.
const SANDBOX: (HeaderName, HeaderValue) =
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));

/// The kind of file that browsers show themselves, apart from the page.
const PDF: &str = "application/pdf";
/// A viewer of PDF refuses to open in a sandbox; no script of this origin runs in it, and no page frames it.
const SHOWN: (HeaderName, HeaderValue) = (
    header::CONTENT_SECURITY_POLICY,
    HeaderValue::from_static(
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
);

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/annotations/{id}/fichiers", Agent, list)
        .post("/api/annotations/{id}/fichiers", Agent, (Content::File, MAX_UPLOAD), join)
        .get("/api/fichiers/{id}", Agent, download)
        .delete("/api/fichiers/{id}", Agent, remove)
}

/// A file of a request: its name and content.
#[derive(Debug)]
pub struct Envoi {
    pub nom: String,
    pub octets: Vec<u8>,
}

/// The name of a file sent as it is.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Named {
    /// Name of the file, with its extension; of a form, the file's own name is taken.
    nom: String,
}

/// A file, as a form sends it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes the body of the contract")]
pub struct FichierEnvoye {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    fichier: Vec<u8>,
}

/// Attaches a file to an annotation that one may change: as the field « fichier » of a form, or as the body itself, named by
/// the address. At most 20 MiB; pdf, png, jpg, webp, csv, txt, odt, ods, docx, xlsx, whose content must be what the name says.
///
/// # Errors
/// 400, 403, 404, 413 beyond 20 MiB, 415 for a kind that is not taken, 422 beyond 50 files, 507 when the disk is full.
#[utoipa::path(post, operation_id = "fichiers_join", path = "/api/annotations/{id}/fichiers", params(("id" = Uuid, Path, description = "Key"), Named),
    request_body(content = FichierEnvoye, content_type = "multipart/form-data"), responses(
    (status = 201, description = "The files of the annotation", body = Vec<Joint>),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown annotation", body = Problem),
    (status = 413, description = "Beyond 20 MiB", body = Problem),
    (status = 415, description = "A kind that is not taken, or another content than the name says", body = Problem),
    (status = 422, description = "The annotation has 50 files", body = Problem),
    (status = 507, description = "The disk is full", body = Problem)
))]
pub async fn join(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    let demande = Demande::new(&app, &agent, &ANNOTATION, None)?;
    attach(&demande, id, sent(request).await?).await?;
    let files = files(&demande, id).await?;
    Ok((StatusCode::CREATED, [PRIVATE], Json(files)).into_response())
}

/// The files of an annotation.
///
/// # Errors
/// 403, 404.
#[utoipa::path(get, operation_id = "fichiers_list", path = "/api/annotations/{id}/fichiers", params(("id" = Uuid, Path, description = "Key")), responses(
    (status = 200, description = "Its files, in the order they were attached", body = Vec<Joint>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown annotation", body = Problem)
))]
pub async fn list(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<Response, Problem> {
    let demande = Demande::new(&app, &agent, &ANNOTATION, None)?;
    Ok(([PRIVATE], Json(files(&demande, key(&id)?).await?)).into_response())
}

/// How a file is given.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    /// A PDF is shown by the browser, to be read and printed; whatever else is downloaded.
    ouvrir: bool,
}

/// A file attached to a row that one may read; a download, of which a browser runs nothing, unless it is a PDF to be shown.
///
/// # Errors
/// 400, 403, 404.
#[utoipa::path(get, operation_id = "fichiers_download", path = "/api/fichiers/{id}", params(("id" = Uuid, Path, description = "Key of the file"), Given), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown file", body = Problem)
))]
pub async fn download(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Params(given): Params<Given>,
) -> Result<Response, Problem> {
    let (found, modele, row) = hung(&app, &agent, &id).await?;
    Demande::new(&app, &agent, modele, None)?.fiche(row).await?;
    let empreinte = found.empreinte().ok_or_else(Problem::internal)?;
    let depot = Depot::new(&app.config().data_dir);
    let octets = blocking(move || depot.lit(&empreinte)).await?;
    let kind = HeaderValue::from_str(&found.genre).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let shown = given.ouvrir && found.genre == PDF;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        if shown { SHOWN } else { SANDBOX },
        if shown { inline(&found.nom) } else { attachment(&found.nom) },
    ];
    Ok((headers, octets).into_response())
}

/// Takes a file off the row it hangs on; nothing is erased.
///
/// # Errors
/// 403, 404.
#[utoipa::path(delete, operation_id = "fichiers_remove", path = "/api/fichiers/{id}", params(("id" = Uuid, Path, description = "Key of the file")), responses(
    (status = 204, description = "Taken off"),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing", body = Problem),
    (status = 404, description = "Unknown file", body = Problem)
))]
pub async fn remove(State(app): State<App>, agent: Agent, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let (_, modele, row) = hung(&app, &agent, &id).await?;
    detach(&Demande::new(&app, &agent, modele, None)?, row, key(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a file off a row.
pub async fn detach(demande: &Demande<'_>, row: Uuid, file: Uuid) -> Result<(), Problem> {
    let plume = demande.plume_sur(Action::Changer, row).await?;
    let mut tx = demande.begin().await?;
    plume.retirer(&mut tx, row, file).await?;
    Ok(tx.commit().await?)
}

/// The files of a row.
pub async fn files(demande: &Demande<'_>, row: Uuid) -> Result<Vec<Joint>, Problem> {
    let regard = demande.regard_sur(Action::Lire, row).await?;
    let mut tx = demande.begin().await?;
    let files = regard.joints(&mut tx, row).await?;
    tx.commit().await?;
    Ok(files)
}

/// Attaches a file: on the disk first, so that a row never lacks its file.
pub async fn attach(demande: &Demande<'_>, row: Uuid, envoi: Envoi) -> Result<Uuid, Problem> {
    let plume = demande.plume_sur(Action::Changer, row).await?;
    if envoi.octets.is_empty() {
        return Err(FichierError::Vide.into());
    }
    // Whoever may not change the row writes nothing to the disk either.
    let mut tx = demande.begin().await?;
    plume.verifie(&mut tx, row).await?;
    tx.commit().await?;
    let depot = Depot::new(&demande.app.config().data_dir);
    let nouveau = blocking(move || {
        let Envoi { nom, octets } = envoi;
        let nom = nettoye(&nom);
        let genre = Genre::reconnu(&nom, &octets)?;
        let empreinte = depot.pose(&octets)?;
        Ok(Nouveau { nom, genre, octets: octets.len(), empreinte })
    })
    .await?;
    let mut tx = demande.begin().await?;
    let id = plume.joindre(&mut tx, row, &nouveau).await?;
    tx.commit().await?;
    Ok(id)
}

/// The file of a request: of a form, its first field « fichier »; else the body itself.
pub async fn sent(request: Request) -> Result<Envoi, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let unreadable = || Problem::bad_request("Le formulaire est illisible : un champ « fichier » est attendu.");
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        let Query(Named { nom }) = Query::try_from_uri(request.uri()).map_err(|_| unreadable())?;
        let octets = body::to_bytes(request.into_body(), MAX_UPLOAD).await.map_err(|_| unreadable())?;
        return Ok(Envoi { nom, octets: octets.into() });
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        if field.name() == Some("fichier") {
            let nom = field.file_name().unwrap_or_default().to_owned();
            let octets = field.bytes().await.map_err(|_| unreadable())?;
            return Ok(Envoi { nom, octets: octets.into() });
        }
    }
    Err(unreadable())
}

/// Where a file hangs: a file whose row cannot be seen is as one that does not exist.
async fn hung(app: &App, agent: &Agent, id: &str) -> Result<(Accroche, &'static Modele, Uuid), Problem> {
    let id = key(id)?;
    let mut tx = Demande::new(app, agent, &ANNOTATION, None)?.begin().await?;
    let (found, modele) = accroche(&mut tx, id, |nom| app.modules().modele(nom)).await?;
    let row = key(&found.cle)?;
    Ok((found, modele, row))
}

/// Disks are slow: on a thread of their own.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FichierError> + Send + 'static,
) -> Result<T, Problem> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal())??)
}
