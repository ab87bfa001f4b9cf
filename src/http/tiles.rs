//! `/tiles/{layers}`: TileJSON and tiles.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use finage_tiles::{TileCoord, TileJson};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::modules::couches;
use super::modules::demande::Adresse;
use super::modules::liste::Wanted;
use super::problem::Problem;
use super::query::Params;
use super::qui::{Agent, Qui};
use super::state::App;
use crate::db::Canal;
use crate::modules::objets::{Couche, Filtre, Regard};
use crate::services::tiles::{self, Demandee};

/// Tiles are revalidated: an import shows at once, an unchanged tile costs a 304.
const CACHE: &str = "public, max-age=0, must-revalidate";
/// What belongs to collectivités is kept by who asked alone, and asked again each time.
const PRIVATE: &str = "private, no-cache";
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// TileJSON 3 of one or several layers, separated by commas.
///
/// # Errors
/// 404 for a layer that is unknown, or that is not open to who asks: both are told the same.
pub async fn tilejson(State(app): State<App>, qui: Qui, Path(list): Path<String>) -> Result<Json<TileJson>, Problem> {
    let layers = known(&app, &list, qui.agent().as_ref())?;
    Ok(Json(tiles::tilejson(app.db_read(), &layers, &list, &app.config().public_url()).await?))
}

/// One tile, MVT 2.1; 204 when nothing is there, 304 when the client has it.
///
/// What belongs to collectivités is encoded under the right of who asks, in a transaction of its collectivité (of nobody, for
/// rows that a module opens to the public), and recognised by its content: a right, a mission or a row that changes shows at once, and no cache gives it to another.
///
/// # Errors
/// 400 for an address that is no tile, or a filter that cannot be read, 404 for a layer that is unknown or not open to who asks, or a tile outside the
/// pyramid; nothing is computed then.
pub async fn tile(
    State(app): State<App>,
    qui: Qui,
    Path((list, z, x, y)): Path<(String, String, String, String)>,
    Params(wanted): Params<Drawn>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let agent = qui.agent();
    let layers = known(&app, &list, agent.as_ref())?;
    let coord = coord(&z, &x, &y)?;
    let filtre = wanted.filtre(&app, &layers)?;
    let ouvertes = tiles::ouvertes(&layers);
    let seen = app.versions().read(app.db_read()).await?;
    let mut version = seen.together(&ouvertes);
    let mut reserve = None;
    if ouvertes.len() < layers.len() {
        let mut bytes = Vec::new();
        if let Some(agent) = agent.filter(|_| tiles::regards(&layers).any(|regard| !regard.est_public())) {
            let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Tuile)?).await?;
            bytes.extend(tiles::reservees(&mut tx, app.followed(), &layers, &filtre, coord, false).await?);
        }
        if tiles::regards(&layers).any(Regard::est_public) {
            let mut tx = app.collectivites().begin_public(Canal::Tuile).await?;
            bytes.extend(tiles::reservees(&mut tx, app.followed(), &layers, &filtre, coord, true).await?);
        }
        version = format!("{version}-{}", BASE64URL_NOPAD.encode(&Sha256::digest(&bytes)));
        reserve = Some(bytes);
    }
    let etag = format!("W/\"{version}-{}-{}-{}\"", coord.z(), coord.x(), coord.y());
    let cache = if reserve.is_some() { PRIVATE } else { CACHE };
    let headers = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, cache.to_owned())];
    if request
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.to_str().is_ok_and(|known| known.split(',').any(|one| one.trim() == etag)))
    {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let mut bytes = tiles::tile(app.db_read(), app.snapshots(), &seen, &ouvertes, coord).await?;
    bytes.extend(reserve.unwrap_or_default());
    if bytes.is_empty() {
        return Ok((StatusCode::NO_CONTENT, headers).into_response());
    }
    Ok((headers, [(header::CONTENT_TYPE, MVT)], bytes).into_response())
}

/// Which rows of a module's layer are drawn: those of its list, with the same words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Drawn {
    /// Condition in CQL2 text, on fields that are open.
    filter: Option<String>,
    /// Words that searched fields contain, each somewhere.
    q: Option<String>,
    /// One of the lists of the manifest.
    liste: Option<String>,
    /// Archived rows, and they alone.
    archivees: bool,
}

impl Drawn {
    /// As rows are read, for the only layer asked for.
    ///
    /// # Errors
    /// 400 for what is malformed, a field that is unknown or not open, several layers, or one that is no module's.
    fn filtre(self, app: &App, layers: &[Demandee]) -> Result<Filtre, Problem> {
        if self.filter.is_none() && self.q.is_none() && self.liste.is_none() && !self.archivees {
            return Ok(Filtre::default());
        }
        let single = || Problem::bad_request("On ne filtre que la couche d'un module, demandée seule.");
        let [Demandee::Reservee(couche, regard)] = layers else { return Err(single()) };
        let (module, objet) = couche.modele.du_module().ok_or_else(single)?;
        let adresse = Adresse::new(app, module, objet)?;
        Wanted::conditions(self.filter, self.q, self.liste, self.archivees).filtre(&adresse, regard)
    }
}

/// The layers of a list, those of collectivités under the right of this account, or of anybody.
fn known(app: &App, list: &str, agent: Option<&Agent>) -> Result<Vec<Demandee>, Problem> {
    let modules = app.modules();
    let permet = |couche: &'static Couche| couches::look(&modules, agent, couche);
    tiles::parse_layers(list, |id| modules.couche(id), permet).ok_or_else(|| {
        let shown: String = list.chars().take(80).collect();
        Problem::not_found(format!(
            "La couche « {shown} » est inconnue ; /api/configuration et la documentation donnent les couches."
        ))
    })
}

fn coord(z: &str, x: &str, y: &str) -> Result<TileCoord, Problem> {
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let malformed = || Problem::bad_request("Une tuile s'adresse par trois entiers : zoom, colonne, ligne.");
    let z: u8 = z.parse().map_err(|_| malformed())?;
    let x: u32 = x.parse().map_err(|_| malformed())?;
    let y: u32 = y.parse().map_err(|_| malformed())?;
    TileCoord::new(z, x, y).map_err(|error| Problem::not_found(format!("Tuile refusée : {error}.")))
}
