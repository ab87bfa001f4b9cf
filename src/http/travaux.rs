//! `/api/travaux`: long work deposited, followed, cancelled, fetched.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::Body;
use super::depositor::Depositor;
use super::download::attachment;
use super::problem::Problem;
use super::qui::Qui;
use super::state::App;
use crate::jobs::{self, Entry, Etat, Queue, Travail};

/// A comment this often keeps the line open through proxies.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// States of jobs and their results are for those who asked, now.
const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// A job asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deposit {
    /// Kind of work: `extraits`.
    genre: String,
    /// What is asked, as this kind of work reads it.
    #[schema(value_type = Object)]
    parametres: Value,
}

/// Deposits a job.
///
/// # Errors
/// 400 or 422 for what can't be done, 413, 415, 429 for too many jobs of one depositor or a full queue.
#[utoipa::path(post, path = "/api/travaux", request_body = Deposit, responses(
    (status = 202, description = "The job, waiting", body = Travail, headers(("Location" = String, description = "Address of the job"))),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 403, description = "Request of another site", body = Problem),
    (status = 422, description = "Unknown work, or a request it can't honour", body = Problem),
    (status = 429, description = "Too many jobs; Retry-After says when", body = Problem)
))]
pub async fn deposit(
    State(app): State<App>,
    qui: Qui,
    Depositor(demandeur): Depositor,
    Body(asked): Body<Deposit>,
) -> Result<Response, Problem> {
    let travail = app.jobs().deposit_for(&asked.genre, asked.parametres, &demandeur, qui.compte()).await?;
    let location = format!("/api/travaux/{}", travail.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], [NO_STORE], Json(travail)).into_response())
}

/// A job.
///
/// # Errors
/// 404 for a job that does not exist or has been erased.
#[utoipa::path(get, path = "/api/travaux/{id}", params(("id" = Uuid, Path, description = "Identifier of the job")), responses(
    (status = 200, description = "The job", body = Travail),
    (status = 404, description = "Unknown or erased job", body = Problem)
))]
pub async fn show(State(app): State<App>, qui: Qui, Path(id): Path<String>) -> Result<Response, Problem> {
    let travail = seen(&app, &qui, &id).await?;
    Ok(([NO_STORE], Json(travail)).into_response())
}

/// Cancels a job: at once when it waits, within a second when it runs; nothing changes when it has ended.
///
/// # Errors
/// 404 for a job that does not exist or has been erased.
#[utoipa::path(delete, path = "/api/travaux/{id}", params(("id" = Uuid, Path, description = "Identifier of the job")), responses(
    (status = 200, description = "The job, cancelled or about to be", body = Travail),
    (status = 403, description = "Request of another site", body = Problem),
    (status = 404, description = "Unknown or erased job", body = Problem)
))]
pub async fn cancel(State(app): State<App>, qui: Qui, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = seen(&app, &qui, &id).await?.id;
    let travail = app.jobs().cancel(id).await?.ok_or_else(unknown)?;
    Ok(([NO_STORE], Json(travail)).into_response())
}

/// The states of a job as they come, by server-sent events named `travail`; ends after the final one.
///
/// # Errors
/// 404 for a job that does not exist or has been erased, 503 when too many follow: ask for the job from time to time then.
#[utoipa::path(get, path = "/api/travaux/{id}/evenements", params(("id" = Uuid, Path, description = "Identifier of the job")), responses(
    (status = 200, description = "Events « travail », each with the job as its data", body = Travail, content_type = "text/event-stream"),
    (status = 404, description = "Unknown or erased job", body = Problem),
    (status = 503, description = "Too many followers", body = Problem)
))]
pub async fn events(State(app): State<App>, qui: Qui, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = seen(&app, &qui, &id).await?.id;
    let place = app.follower().ok_or_else(|| {
        Problem::busy("Trop de travaux sont suivis en direct ; redemandez l'état de celui-ci de temps en temps.")
    })?;
    let states = app.jobs().follow(id, app.closing()).map(move |travail| {
        // The place is given back when the stream is dropped.
        let _held = &place;
        Ok::<_, Infallible>(Event::default().event("travail").json_data(&travail).unwrap_or_default())
    });
    let answer = Sse::new(states).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Reverse proxies that buffer are asked not to.
    Ok(([NO_STORE], [("x-accel-buffering", "no")], answer).into_response())
}

/// The file that a job made: its only piece, or a ZIP of all.
///
/// # Errors
/// 404 for a job that does not exist or has been erased, 409 for one that has not made its file.
#[utoipa::path(get, path = "/api/travaux/{id}/resultat", params(("id" = Uuid, Path, description = "Identifier of the job")), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 404, description = "Unknown or erased job", body = Problem),
    (status = 409, description = "Not done, or nothing was made", body = Problem)
))]
pub async fn result(State(app): State<App>, qui: Qui, Path(id): Path<String>) -> Result<Response, Problem> {
    let travail = seen(&app, &qui, &id).await?;
    let id = travail.id;
    let Some(resultat) = travail.resultat else {
        return Err(Problem::conflict(match travail.etat {
            Etat::Fait => "Ce travail n'a produit aucun fichier ; son compte rendu dit pourquoi.",
            Etat::Annule => "Ce travail a été annulé : il n'a pas de fichier.",
            Etat::Echec => "Ce travail a échoué : il n'a pas de fichier.",
            _ => "Ce travail n'est pas terminé ; attendez sa fin pour télécharger le fichier.",
        }));
    };
    let queue = app.jobs().clone();
    let entries = app.jobs().entries(id).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_str(&resultat.genre).unwrap_or(HeaderValue::from_static("application/octet-stream")),
        ),
        (header::CONTENT_LENGTH, resultat.octets.into()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        attachment(&resultat.nom),
    ];
    let body = match <[Entry; 1]>::try_from(entries) {
        Ok([one]) => Bytes::from_stream(content(queue, id, &one)),
        Err(all) => Bytes::from_stream(zip(queue, id, all)),
    };
    Ok((headers, body).into_response())
}

/// A ZIP of these pieces, one slice of one of them in memory at a time; no connection is held while the client is slow.
fn zip(queue: Queue, id: Uuid, entries: Vec<Entry>) -> impl Stream<Item = sqlx::Result<Vec<u8>>> {
    let directory = jobs::directory(&entries);
    stream::iter(entries)
        .flat_map(move |entry| {
            let header = jobs::local_header(&entry);
            stream::once(async { Ok(header) }).chain(content(queue.clone(), id, &entry))
        })
        .chain(stream::once(async { Ok(directory) }))
}

/// The content of a piece, slice by slice.
fn content(queue: Queue, id: Uuid, entry: &Entry) -> impl Stream<Item = sqlx::Result<Vec<u8>>> + use<> {
    let (rang, octets) = (entry.rang, entry.octets);
    stream::try_unfold((queue, 0_i64), move |(queue, sent)| async move {
        if sent >= octets {
            return Ok(None);
        }
        let slice = queue.slice(id, rang, sent).await?;
        let next = sent + i64::try_from(slice.len()).unwrap_or(i64::MAX);
        // Shorter than announced: the client sees a broken transfer, not a wrong file.
        if slice.is_empty() { Err(sqlx::Error::RowNotFound) } else { Ok(Some((slice, (queue, next)))) }
    })
    .inspect_err(move |error| tracing::warn!(%id, %error, "téléchargement interrompu"))
}

/// The job of an address, where who asks may see it; what is no identifier names no job.
pub async fn seen(app: &App, qui: &Qui, id: &str) -> Result<Travail, Problem> {
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    app.jobs().travail_de(id, qui.compte()).await?.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("Ce travail n'existe pas, ou il a été effacé avec son résultat ; déposez-le de nouveau.")
}
