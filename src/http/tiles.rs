//! `/tiles/{layers}`: TileJSON and tiles.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use finage_tiles::{Format, Mvt, TileCoord, key_of};
use serde::Deserialize;

use super::modules::couches;
use super::modules::demande::Adresse;
use super::modules::liste::Wanted as Conditions;
use super::problem::Problem;
use super::query::Params;
use super::qui::{Agent, Qui};
use super::state::App;
use crate::cadastre::layers::Layer;
use crate::db::Canal;
use crate::modules::objets::{Couche, Filtre, Regard};
use crate::services::tiles::{self, Asked, Coding, Demandee, Fields, Part, Seen, Served, TileError, Told};

/// Tiles are revalidated: an import shows at once, an unchanged tile costs a 304.
const CACHE: &str = "public, max-age=0, must-revalidate";
/// The tile of a version: another version is at another address.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// What belongs to collectivités is kept by who asked alone, and asked again each time.
const PRIVATE: &str = "private, no-cache";
pub(super) const MVT: &str = <Mvt as Format>::MEDIA_TYPE;

/// TileJSON 3 of one or several layers, separated by commas.
///
/// Addresses of tiles that are open to all carry the version of their layers: such a tile never changes.
///
/// # Errors
/// 404 for a layer that is unknown, or that is not open to who asks: both are told the same.
pub async fn tilejson(State(app): State<App>, qui: Qui, Path(list): Path<String>) -> Result<Response, Problem> {
    let layers = known(&app, &list, qui.agent().as_ref())?;
    let ouvertes = tiles::ouvertes(&layers);
    let version = if ouvertes.len() == layers.len() {
        Some(format!("?v={}", token(&app, &*app.versions().read(app.db_read()).await?, &ouvertes)))
    } else {
        None
    };
    let told = Told {
        list: &list,
        origin: &app.config().public_url(),
        version: version.as_deref(),
        simplified: app.config().tuiles_simplifiees,
    };
    let document = tiles::tilejson(app.db_read(), &layers, told).await?;
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(document)).into_response())
}

/// What names a version of layers in addresses; another one when low zooms are drawn otherwise.
fn token(app: &App, seen: &Seen, layers: &[&Layer]) -> String {
    let drawn = if app.config().tuiles_simplifiees { "simplifiees" } else { "entieres" };
    format!("{:016x}", key_of(format!("{} {drawn}", seen.together(layers)).as_bytes()))
}

/// One tile, MVT 2.1; 204 when nothing is there, 304 when the client has it.
///
/// What belongs to collectivités is looked up under the right of who asks, in a transaction of its collectivité (of nobody, for
/// rows that a module opens to the public): a right, a mission or a row that changes shows at once, and no cache gives it to another.
/// A tile is recognised by its content.
///
/// # Errors
/// 400 for an address that is no tile, a property that no layer has, or a filter that cannot be read, 404 for a layer that is unknown
/// or not open to who asks, or a tile outside the pyramid; nothing is computed then.
pub async fn tile(
    State(app): State<App>,
    qui: Qui,
    Path((list, z, x, y)): Path<(String, String, String, String)>,
    Params(mut wanted): Params<Wanted>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let agent = qui.agent();
    let layers = known(&app, &list, agent.as_ref())?;
    let coord = coord(&z, &x, &y)?;
    let fields = wanted.fields(&layers)?;
    let v = wanted.v.take();
    let filtre = wanted.filtre(&app, &layers)?;
    let asked = Asked { layers: &layers, coord, fields: &fields, filtre: &filtre };
    let seen = app.versions().read(app.db_read()).await?;
    let coding = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let coding = coding.map_or(Coding::Identity, Coding::accepted);
    let mut composed = compose(&app, agent.as_ref(), &asked, &seen, coding).await?;
    if composed.is_none() {
        // A snapshot that could not be read is forgotten: PostGIS draws its layer.
        composed = compose(&app, agent.as_ref(), &asked, &seen, coding).await?;
    }
    let (served, settled) = composed.ok_or_else(Problem::internal)?;
    let ouvertes = tiles::ouvertes(&layers);
    let cache = if tiles::regards(&layers).any(|regard| !regard.est_public()) {
        PRIVATE
    } else if settled && ouvertes.len() == layers.len() && v.is_some_and(|v| v == token(&app, &seen, &ouvertes)) {
        FOREVER
    } else {
        CACHE
    };
    let etag = format!("W/\"{:016x}\"", served.digest);
    let headers = [(header::CACHE_CONTROL, HeaderValue::from_static(cache)), (header::ETAG, value(&etag)?)];
    let known = |known: &HeaderValue| known.to_str().is_ok_and(|known| known.split(',').any(|one| one.trim() == etag));
    let mut response = if request.get(header::IF_NONE_MATCH).is_some_and(known) {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else if served.bytes.is_empty() {
        (StatusCode::NO_CONTENT, headers).into_response()
    } else {
        (headers, [(header::CONTENT_TYPE, MVT)], served.bytes).into_response()
    };
    if let Some(name) = served.coding.name().filter(|_| response.status() == StatusCode::OK) {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    if ouvertes.len() < layers.len() {
        // The same address shows others what they may see.
        response.headers_mut().append(header::VARY, HeaderValue::from_static("cookie, authorization"));
    }
    Ok(response)
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|_| Problem::internal())
}

/// The tile as it is sent, and whether it is drawn as this version will be for good: PostGIS draws low zooms in more detail until
/// there is a snapshot. `None` when a snapshot cannot be read, which is forgotten then.
async fn compose(
    app: &App,
    agent: Option<&Agent>,
    asked: &Asked<'_>,
    seen: &Seen,
    coding: Coding,
) -> Result<Option<(Served, bool)>, Problem> {
    let mut parts: Vec<Option<Part>> = asked.layers.iter().map(|_| None).collect();
    asked.ouvertes(app.snapshots(), seen, &mut parts);
    if let Some(agent) = agent.filter(|_| tiles::regards(asked.layers).any(|regard| !regard.est_public())) {
        let mut tx = app.collectivites().begin_read(&agent.acteur(Canal::Tuile)?).await?;
        asked.reservees(&mut tx, app.followed(), false, &mut parts).await?;
    }
    if tiles::regards(asked.layers).any(Regard::est_public) {
        let mut tx = app.collectivites().begin_public(Canal::Tuile).await?;
        asked.reservees(&mut tx, app.followed(), true, &mut parts).await?;
    }
    let parts: Vec<Part> = parts.into_iter().flatten().collect();
    let settled = !parts.iter().any(|part| matches!(part, Part::Read { waits: true, .. }));
    match app.tiles().tile(app.db_read(), asked.coord, parts, coding).await {
        Ok(served) => Ok(Some((served, settled))),
        Err(error) => match &*error {
            TileError::Database(cause) => Err(cause.into()),
            TileError::Unreadable(id, _) => {
                tracing::error!(%error, "l'instantané est oublié : la tuile vient de PostGIS");
                app.snapshots().forget(id);
                app.followed().forget(id);
                Ok(None)
            }
            TileError::TooLarge(_) => {
                tracing::warn!(%error, z = asked.coord.z(), x = asked.coord.x(), y = asked.coord.y(), "tuile trop lourde");
                Err(Problem::too_large(format!("Tuile trop lourde : {error}.")))
            }
            TileError::Strange(_) | TileError::Coding(_) | TileError::Thread(_) => {
                tracing::error!(%error, "tuile impossible");
                Err(Problem::internal())
            }
        },
    }
}

/// What is asked of a tile beside its address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Properties of features, separated by commas; all when it is absent.
    fields: Option<String>,
    /// The version of the layers that the address is of.
    v: Option<String>,
    /// Rows of a module's layer: condition in CQL2 text, on fields that are open.
    filter: Option<String>,
    /// Words that searched fields contain, each somewhere.
    q: Option<String>,
    /// One of the lists of the manifest.
    liste: Option<String>,
    /// Archived rows, and they alone.
    archivees: bool,
}

impl Wanted {
    /// 400 for a property that no layer of the list publishes to who asks.
    fn fields(&self, layers: &[Demandee]) -> Result<Fields, Problem> {
        let Some(list) = &self.fields else { return Ok(Fields::default()) };
        Fields::of(list, layers).map_err(|unknown| {
            let shown: String = unknown.chars().take(80).collect();
            Problem::bad_request(format!(
                "Aucune couche demandée n'a de propriété « {shown} » ; la description des couches (TileJSON) donne celles qu'elles ont."
            ))
        })
    }

    /// The rows of a module's layer, as its list has them with the same words, for the only layer asked for.
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
        Conditions::conditions(self.filter, self.q, self.liste, self.archivees).filtre(&adresse, regard)
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
