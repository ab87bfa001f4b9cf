//! `/api`: search, parcels, communes, configuration.
#![expect(unused_qualifications, reason = "utoipa's path macro repeats the types of extractors")]

use axum::Json;
use axum::extract::{Path, State};
use finage_reference::{Idu, Insee};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::modules::couches::{self, CoucheDeModule};
use super::objets;
use super::problem::Problem;
use super::query::Params;
use super::qui::Qui;
use super::state::App;
use crate::cadastre::parcelle::{self, Parcelle};
use crate::config::FondGenre;
use crate::services::recherche::{self, Answer};
use crate::services::styles::STYLES;
use crate::spatial::coordonnees::{self, Coordonnees};
use crate::territory::extent::{self, Commune};

/// Longest text searched, in characters.
const MAX_QUERY: usize = 200;

/// What to search.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Text: reference, address, lieu-dit, commune.
    #[serde(default)]
    q: String,
    /// Answers at most (1 to 50, 10 unless told).
    limit: Option<usize>,
    /// Longitude of the map's centre, to break ties.
    lon: Option<f64>,
    /// Latitude of the map's centre, to break ties.
    lat: Option<f64>,
}

/// Searches parcels, sections, addresses, streets, lieux-dits and communes; for a signed-in account, annotations and
/// rows of modules as well.
///
/// # Errors
/// 400 for a text over 200 characters or coordinates that are none, 503 when the database is away.
#[utoipa::path(get, path = "/api/recherche", params(Search), responses(
    (status = 200, description = "Places, best first", body = Answer),
    (status = 400, description = "Malformed request", body = Problem)
))]
pub async fn search(State(app): State<App>, qui: Qui, Params(wanted): Params<Search>) -> Result<Json<Answer>, Problem> {
    if wanted.q.chars().count() > MAX_QUERY {
        return Err(Problem::bad_request(format!("Le texte recherché dépasse {MAX_QUERY} caractères.")));
    }
    let near = match (wanted.lon, wanted.lat) {
        (Some(lon), Some(lat)) => Some(degrees(lon, lat)?),
        _ => None,
    };
    // PostgreSQL text holds no NUL.
    let text = wanted.q.replace('\0', " ");
    let answer = recherche::search(app.db_read(), &text, near, wanted.limit.unwrap_or(10), app.config().srid).await?;
    let fiches = objets::nommees(&app, &qui, &text).await?;
    Ok(Json(answer.avec(objets::trouvees(&app, &qui, &text).await?, fiches)))
}

/// The sheet of a parcel.
///
/// # Errors
/// 400 for what is no idu, 404 for a parcel that is not known.
#[utoipa::path(get, path = "/api/parcelles/{idu}", params(("idu" = String, Path, description = "Identifier of 14 characters")), responses(
    (status = 200, description = "The parcel", body = Parcelle),
    (status = 400, description = "Malformed identifier", body = Problem),
    (status = 404, description = "Unknown parcel", body = Problem)
))]
pub async fn parcel(State(app): State<App>, Path(idu): Path<String>) -> Result<Json<Parcelle>, Problem> {
    let idu: Idu =
        idu.parse().map_err(|error| Problem::bad_request(format!("Identifiant de parcelle refusé : {error}.")))?;
    let sheet = parcelle::sheet(app.db_read(), idu).await?;
    sheet.map(Json).ok_or_else(|| {
        Problem::not_found(format!(
            "La parcelle {idu} n'est pas dans cette base ; cherchez-la par sa référence ou son adresse."
        ))
    })
}

/// A point in degrees.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Under {
    /// Longitude.
    lon: f64,
    /// Latitude.
    lat: f64,
}

/// The sheet of the parcel under a point.
///
/// # Errors
/// 400 for coordinates that are none, 404 where there is no parcel (public domain, water, or nothing imported).
#[utoipa::path(get, path = "/api/parcelles", params(Under), responses(
    (status = 200, description = "The parcel", body = Parcelle),
    (status = 404, description = "No parcel there", body = Problem)
))]
pub async fn parcel_under(State(app): State<App>, Params(point): Params<Under>) -> Result<Json<Parcelle>, Problem> {
    let (lon, lat) = degrees(point.lon, point.lat)?;
    let none = || {
        Problem::not_found("Il n'y a pas de parcelle à cet endroit : domaine public, cours d'eau, ou plan non importé.")
    };
    let idu = parcelle::under(app.db_read(), lon, lat).await?.ok_or_else(none)?;
    Ok(Json(parcelle::sheet(app.db_read(), idu).await?.ok_or_else(none)?))
}

/// A point in every system that applies to it: degrees, Lambert-93 and the conformal zone of the place, or the legal
/// system overseas.
///
/// # Errors
/// 400 for coordinates that are none.
#[utoipa::path(get, path = "/api/coordonnees", params(Under), responses(
    (status = 200, description = "The point in each system", body = Coordonnees),
    (status = 400, description = "Malformed coordinates", body = Problem)
))]
pub async fn coordinates(State(app): State<App>, Params(point): Params<Under>) -> Result<Json<Coordonnees>, Problem> {
    let (lon, lat) = degrees(point.lon, point.lat)?;
    coordonnees::de(lon, lat, app.config().srid).map(Json).map_err(|error| {
        tracing::error!(%error, "coordonnées");
        Problem::internal()
    })
}

/// A commune that holds data.
///
/// # Errors
/// 400 for what is no INSEE code, 404 for a commune without data.
#[utoipa::path(get, path = "/api/communes/{insee}", params(("insee" = String, Path, description = "INSEE code")), responses(
    (status = 200, description = "The commune", body = Commune),
    (status = 404, description = "No data for this commune", body = Problem)
))]
pub async fn commune(State(app): State<App>, Path(insee): Path<String>) -> Result<Json<Commune>, Problem> {
    let insee: Insee = insee.parse().map_err(|error| Problem::bad_request(format!("Code INSEE refusé : {error}.")))?;
    let found = extent::communes(app.db_read(), Some(insee.as_str())).await?.into_iter().next();
    found.map(Json).ok_or_else(|| Problem::not_found(format!("Aucune donnée n'est importée pour la commune {insee}.")))
}

/// What the map needs to start.
#[derive(Debug, Serialize, ToSchema)]
pub struct Configuration {
    /// Version of Finage.
    version: &'static str,
    /// Name shown.
    nom: &'static str,
    /// West, south, east, north of all data, in degrees.
    etendue: Option<[f64; 4]>,
    /// Communes that hold data.
    communes: Vec<Commune>,
    /// Backgrounds offered.
    fonds: Vec<Background>,
    /// Styles offered.
    styles: Vec<StyleRef>,
    /// Layers of modules that are open to who asks.
    couches: Vec<CoucheDeModule>,
}

/// A background of the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct Background {
    /// Identifier.
    id: String,
    /// Name shown.
    libelle: String,
    /// `raster` or `pmtiles`.
    genre: &'static str,
    /// Tile templates, or the address of the archive.
    tuiles: Vec<String>,
    /// Side of a tile in pixels.
    taille: u32,
    /// Lowest zoom.
    zoom_min: u8,
    /// Highest zoom.
    zoom_max: u8,
    /// Credit.
    attribution: String,
}

/// A style of the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct StyleRef {
    /// Name in `/styles/{id}.json`.
    id: &'static str,
    /// Name shown.
    libelle: &'static str,
}

/// What the map needs to start: extent, communes, backgrounds, styles.
///
/// # Errors
/// 503 when the database is away.
#[utoipa::path(get, path = "/api/configuration", responses((status = 200, description = "Configuration of the map", body = Configuration)))]
pub async fn configuration(State(app): State<App>, qui: Qui) -> Result<Json<Configuration>, Problem> {
    let fonds = app
        .config()
        .fonds
        .iter()
        .map(|fond| Background {
            id: fond.id.clone(),
            libelle: fond.libelle.clone(),
            genre: if fond.genre == FondGenre::Pmtiles { "pmtiles" } else { "raster" },
            tuiles: vec![fond.template()],
            taille: 256,
            zoom_min: fond.zoom_min,
            zoom_max: fond.zoom_max,
            attribution: fond.attribution.clone(),
        })
        .collect();
    Ok(Json(Configuration {
        version: env!("CARGO_PKG_VERSION"),
        nom: "Finage",
        etendue: extent::whole(app.db_read()).await?,
        communes: extent::communes(app.db_read(), None).await?,
        fonds,
        styles: STYLES.iter().map(|(id, libelle)| StyleRef { id, libelle }).collect(),
        couches: couches::listed(&app, &qui),
    }))
}

fn degrees(lon: f64, lat: f64) -> Result<(f64, f64), Problem> {
    if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) {
        return Ok((lon, lat));
    }
    Err(Problem::bad_request("lon et lat sont des degrés : de -180 à 180 et de -90 à 90."))
}
