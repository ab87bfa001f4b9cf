//! `/metrics` and `/tiles/catalog`: how the server is doing.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64};

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};
use serde::Serialize;

use super::modules::couches;
use super::poste::Poste;
use super::problem::Problem;
use super::qui::Qui;
use super::state::App;
use crate::cadastre::layers::{LAYERS, ZOOM_MAX};
use crate::modules::objets::Couche;
use crate::services::tiles::{self, Lag, Origin};

/// Where tiles of a layer come from.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Instantane,
    Postgis,
}

/// A layer of `/tiles/catalog`.
#[derive(Debug, Serialize)]
struct Listed {
    content_type: &'static str,
    description: String,
    tilejson: String,
    minzoom: u8,
    maxzoom: u8,
    source: Source,
    /// Changes that are not in the snapshot yet: tiles that they are seen in come from PostGIS.
    changements: u64,
    /// Milliseconds since the oldest of them.
    retard_ms: u64,
}

/// The answer of `/tiles/catalog`.
#[derive(Debug, Serialize)]
struct Catalog {
    tiles: BTreeMap<&'static str, Listed>,
}

/// The layers that are open to who asks, and how far each is behind PostGIS.
///
/// # Errors
/// 503 when the database is away.
pub async fn catalog(State(app): State<App>, qui: Qui) -> Result<Response, Problem> {
    let (modules, agent) = (app.modules(), qui.agent());
    let labels = tiles::labels(app.db_read()).await?;
    let reserved: Vec<&'static Couche> =
        modules.couches().filter(|couche| couches::look(&modules, agent.as_ref(), couche).is_some()).collect();
    let mut listed = BTreeMap::new();
    for lag in lags(&app, &reserved).await? {
        let (description, minzoom) = if let Some(couche) = reserved.iter().find(|couche| couche.id == lag.id) {
            (couche.libelle.to_owned(), couche.zoom_min)
        } else {
            let label = labels.iter().find(|(id, _)| id == lag.id).map(|(_, label)| label.clone());
            let zoom_min = LAYERS.iter().find(|layer| layer.id == lag.id).map_or(0, |layer| layer.zoom_min);
            (label.unwrap_or_default(), zoom_min)
        };
        listed.insert(
            lag.id,
            Listed {
                content_type: super::tiles::MVT,
                description,
                tilejson: format!("{}/tiles/{}", app.config().public_url(), lag.id),
                minzoom,
                maxzoom: ZOOM_MAX,
                source: if lag.rows.is_some() { Source::Instantane } else { Source::Postgis },
                changements: lag.changes,
                retard_ms: lag.ms,
            },
        );
    }
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(Catalog { tiles: listed })).into_response())
}

/// How far the layers of the core and these are behind PostGIS.
async fn lags(app: &App, reserved: &[&'static Couche]) -> Result<Vec<Lag>, Problem> {
    let seen = app.versions().read(app.db_read()).await?;
    let mut lags = app.snapshots().lags(&seen).await;
    lags.extend(app.followed().lags(app.db_write(), reserved).await?);
    Ok(lags)
}

/// State of the server for Prometheus, to the addresses of the setting `metriques`.
///
/// # Errors
/// 403 from elsewhere, 503 when the database is away.
pub async fn metrics(State(app): State<App>, poste: Poste) -> Result<Response, Problem> {
    if !app.config().metriques.iter().any(|allowed| allowed.to_canonical() == poste.ip) {
        return Err(Problem::forbidden(
            "Les mesures ne se lisent que depuis les adresses du réglage « metriques » ; demandez à l'exploitant d'y ajouter la vôtre.",
        ));
    }
    let reserved: Vec<&'static Couche> = app.modules().couches().collect();
    let mut registry = Registry::with_prefix("finage");
    register_tiles(&mut registry, &app);
    register_lags(&mut registry, &lags(&app, &reserved).await?);
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| Problem::internal())?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response())
}

fn register_tiles(registry: &mut Registry, app: &App) {
    let (measures, (kept, bytes)) = (app.tiles().measures(), app.tiles().kept());
    for (origin, name) in Origin::ALL {
        let labelled = registry.sub_registry_with_label(("source".into(), name.into()));
        labelled.register("tuiles", "Tuiles servies, par provenance", ConstCounter::new(measures.tiles(origin)));
    }
    let sent = ConstCounter::new(measures.bytes());
    registry.register_with_unit("tuiles_envoi", "Octets des tuiles servies", Unit::Bytes, sent);
    let left_out = ConstCounter::new(measures.rows_left_out());
    registry.register("tuiles_objets_omis", "Objets omis de tuiles qui auraient été trop lourdes", left_out);
    registry.register("tuiles_gardees", "Tuiles gardées en mémoire", ConstGauge::new(kept));
    registry.register_with_unit(
        "tuiles_cache",
        "Octets des tuiles gardées en mémoire",
        Unit::Bytes,
        ConstGauge::new(bytes),
    );
}

type ByLayer<N, A> = Family<Vec<(&'static str, &'static str)>, Gauge<N, A>>;

fn register_lags(registry: &mut Registry, lags: &[Lag]) {
    let rows = ByLayer::<i64, AtomicI64>::default();
    let (over, bytes, changes) = (rows_family(), rows_family(), rows_family());
    let seconds = ByLayer::<f64, AtomicU64>::default();
    for lag in lags {
        let label = || vec![("couche", lag.id)];
        let counted = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        if let Some(there) = lag.rows {
            rows.get_or_create(&label()).set(counted(there));
            over.get_or_create(&label()).set(counted(lag.over));
            bytes.get_or_create(&label()).set(counted(lag.bytes));
        }
        changes.get_or_create(&label()).set(i64::try_from(lag.changes).unwrap_or(i64::MAX));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds")]
        seconds.get_or_create(&label()).set(lag.ms as f64 / 1000.0);
    }
    registry.register("instantane_lignes", "Lignes de l'instantané d'une couche", rows);
    registry.register("instantane_lignes_changees", "Lignes changées par-dessus l'instantané", over);
    registry.register_with_unit("instantane", "Octets de l'instantané d'une couche", Unit::Bytes, bytes);
    registry.register("instantane_changements_attendus", "Changements que l'instantané n'a pas encore", changes);
    registry.register_with_unit("instantane_retard", "Temps depuis le plus ancien d'entre eux", Unit::Seconds, seconds);
}

fn rows_family() -> ByLayer<i64, AtomicI64> {
    ByLayer::default()
}
