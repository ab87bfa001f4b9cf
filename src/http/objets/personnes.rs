//! `/api/personnes`: persons known for a purpose. Every look at nominative fields says its purpose and is journaled.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{Champs, Demande, EtapeSignee, MAX_ROW, PRIVATE, idempotence, key, searched, shown, version};
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::http::query::Params;
use crate::http::qui::Agent;
use crate::http::route::{Audience, Content, Routes};
use crate::http::state::App;
use crate::modules::objets::{Fiche, Filtre, Format, PERSONNE, PageFiches, Saisie};

const PLACE: &str = "/api/personnes";

pub(super) fn routes(routes: Routes) -> Routes {
    use Audience::Agent;
    routes
        .get("/api/personnes", Agent, list)
        .post("/api/personnes", Agent, (Content::Json, MAX_ROW), create)
        .get("/api/personnes/export", Agent, export)
        .get("/api/personnes/{id}", Agent, show)
        .patch("/api/personnes/{id}", Agent, MAX_ROW, change)
        .get("/api/personnes/{id}/historique", Agent, history)
}

/// The purpose of a look.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Purpose {
    /// Purpose declared for the account; without it, no nominative field is shown.
    finalite: Option<String>,
}

/// Which persons, for what.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Purpose declared for the account; without it, no nominative field is shown or searched.
    finalite: Option<String>,
    /// Text that name, first names or e-mail contain.
    q: Option<String>,
    /// Archived ones, and they alone.
    archivees: bool,
    /// Rank of the first, from 0.
    rang: i64,
    /// Persons at most (1 to 1000, 100 unless told).
    limite: Option<i64>,
}

/// Persons known for a purpose. The list leaves a line in the journal of looks: criteria and count.
///
/// # Errors
/// 400 for a malformed request, 403 without the right or for a purpose that was not declared.
#[utoipa::path(get, operation_id = "personnes_list", path = "/api/personnes", params(Wanted), responses(
    (status = 200, description = "A page of persons, and how many there are", body = PageFiches),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing, or purpose not declared", body = Problem)
))]
pub async fn list(State(app): State<App>, agent: Agent, Params(wanted): Params<Wanted>) -> Result<Response, Problem> {
    let filtre = Filtre {
        q: searched(wanted.q)?,
        archivees: wanted.archivees,
        rang: wanted.rang,
        limite: wanted.limite.unwrap_or(100).clamp(1, 1_000),
        ..Filtre::default()
    };
    let page = Demande::new(&app, &agent, &PERSONNE, wanted.finalite.as_deref())?.liste(&filtre).await?;
    Ok(([PRIVATE], Json(page)).into_response())
}

/// Which persons, for what, in what form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// Format of the file.
    #[param(inline)]
    format: Format,
    /// Purpose declared for the account; without it, no nominative field is written.
    finalite: Option<String>,
    /// Text that name, first names or e-mail contain.
    q: Option<String>,
    /// Archived ones, and they alone.
    #[serde(default)]
    archivees: bool,
}

/// Writes persons known for a purpose to a file: CSV, GeoJSON without geometry, GeoPackage. Leaves an act, and a line in the
/// journal of looks.
///
/// # Errors
/// 400 for a malformed request, 403 without the right or for a purpose that was not declared, 422 beyond 50,000 persons.
#[utoipa::path(get, operation_id = "personnes_export", path = "/api/personnes/export", params(Exported), responses(
    (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 400, description = "Malformed request", body = Problem),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing, or purpose not declared", body = Problem),
    (status = 422, description = "Beyond the bound", body = Problem)
))]
pub async fn export(
    State(app): State<App>,
    agent: Agent,
    Params(exported): Params<Exported>,
) -> Result<Response, Problem> {
    let filtre = Filtre { q: searched(exported.q)?, archivees: exported.archivees, ..Filtre::default() };
    let demande = Demande::new(&app, &agent, &PERSONNE, exported.finalite.as_deref())?;
    demande.exporter(&filtre, exported.format).await
}

/// A person to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NouvellePersonne {
    /// `nom` (obligatory), `prenoms`, `adresse`, `courriel`, `telephone`, `naissance` (`AAAA-MM-JJ`), `lieu_naissance`,
    /// `opposition_publication`.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    champs: Champs,
    /// INSEE code of the commune that knows the person.
    insee: Option<String>,
}

/// Makes a person, known for the purpose of the address.
///
/// # Errors
/// 400 for a field or value that is refused or without a purpose, 403 without the right, 422 outside of the territory.
#[utoipa::path(post, operation_id = "personnes_create", path = "/api/personnes", request_body = NouvellePersonne,
    params(Purpose, ("Idempotency-Key" = Option<String>, Header, description = "Text of 1 to 100 characters, a UUID for instance")),
    responses(
        (status = 201, description = "The person", body = Fiche),
        (status = 200, description = "The person that this key had made", body = Fiche),
        (status = 400, description = "Malformed request, unknown or closed field, no purpose", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing, or purpose not declared", body = Problem),
        (status = 422, description = "Outside of the territory, or key used for something else", body = Problem)
    ))]
pub async fn create(
    State(app): State<App>,
    agent: Agent,
    Params(purpose): Params<Purpose>,
    headers: HeaderMap,
    Body(nouvelle): Body<NouvellePersonne>,
) -> Result<Response, Problem> {
    let demande = Demande::new(&app, &agent, &PERSONNE, purpose.finalite.as_deref())?;
    let saisie = Saisie { champs: &nouvelle.champs, geometrie: None, insee: nouvelle.insee.as_deref() };
    let (made, id) = demande.creer(&saisie, idempotence(&headers)?).await?;
    demande.montre(if made { StatusCode::CREATED } else { StatusCode::OK }, id, PLACE).await
}

/// A person. A look at nominative fields leaves a line in the journal of looks.
///
/// # Errors
/// 403 without the right or for another purpose, 404 for what does not exist or is another collectivité's.
#[utoipa::path(get, operation_id = "personnes_show", path = "/api/personnes/{id}", params(("id" = Uuid, Path, description = "Key"), Purpose), responses(
    (status = 200, description = "The person; ETag is its version", body = Fiche),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing, or purpose not declared", body = Problem),
    (status = 404, description = "Unknown person", body = Problem)
))]
pub async fn show(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Params(purpose): Params<Purpose>,
) -> Result<Response, Problem> {
    Ok(shown(Demande::new(&app, &agent, &PERSONNE, purpose.finalite.as_deref())?.fiche(key(&id)?).await?))
}

/// What to change of a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonneChangee {
    /// Fields to change: those of the creation.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    champs: Champs,
    /// INSEE code of the commune that knows the person, when it changes.
    insee: Option<String>,
}

/// Changes a person whose version is that of `If-Match`; nominative fields need a purpose.
///
/// # Errors
/// 400 for a field or value that is refused, 403, 404, 412 when someone changed it before, 428 without `If-Match`.
#[utoipa::path(patch, operation_id = "personnes_change", path = "/api/personnes/{id}", request_body = PersonneChangee,
    params(("id" = Uuid, Path, description = "Key"), Purpose, ("If-Match" = String, Header, description = "Version, as ETag gave it")),
    responses(
        (status = 200, description = "The person, changed", body = Fiche),
        (status = 400, description = "Malformed request, unknown or closed field", body = Problem),
        (status = 401, description = "Nobody known asks", body = Problem),
        (status = 403, description = "Right missing, or purpose not declared", body = Problem),
        (status = 404, description = "Unknown person", body = Problem),
        (status = 412, description = "Changed meanwhile: both versions are told", body = Problem),
        (status = 422, description = "Outside of the territory", body = Problem),
        (status = 428, description = "If-Match is missing", body = Problem)
    ))]
pub async fn change(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Params(purpose): Params<Purpose>,
    headers: HeaderMap,
    Body(changee): Body<PersonneChangee>,
) -> Result<Response, Problem> {
    let id = key(&id)?;
    let demande = Demande::new(&app, &agent, &PERSONNE, purpose.finalite.as_deref())?;
    let version = version(&headers)?.ok_or_else(Problem::version_required)?;
    let saisie = Saisie { champs: &changee.champs, geometrie: None, insee: changee.insee.as_deref() };
    demande.changer(id, version, &saisie).await?;
    demande.montre(StatusCode::OK, id, PLACE).await
}

/// What was done to a person's sheet, newest first; the fields that the purpose opens.
///
/// # Errors
/// 403, 404.
#[utoipa::path(get, operation_id = "personnes_history", path = "/api/personnes/{id}/historique", params(("id" = Uuid, Path, description = "Key"), Purpose), responses(
    (status = 200, description = "Steps", body = Vec<EtapeSignee>),
    (status = 401, description = "Nobody known asks", body = Problem),
    (status = 403, description = "Right missing, or purpose not declared", body = Problem),
    (status = 404, description = "Unknown person", body = Problem)
))]
pub async fn history(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    Params(purpose): Params<Purpose>,
) -> Result<Response, Problem> {
    let steps = Demande::new(&app, &agent, &PERSONNE, purpose.finalite.as_deref())?.historique(key(&id)?).await?;
    Ok(([PRIVATE], Json(steps)).into_response())
}
