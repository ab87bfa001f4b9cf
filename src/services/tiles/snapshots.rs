//! The snapshots that tiles come from: opened at the start, built again in the background when their layer changes.
//!
//! PostGIS stays the truth: a layer without a snapshot of its version is drawn from there.

use std::collections::HashMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use finage_tiles::{Check, Schema, Snapshot};
use sqlx::PgPool;
use tokio::sync::Mutex;

use super::build::{BuildError, Counted, Plan, build};
use super::lag::Lag;
use super::moment::{Moment, moment};
use super::touches::State;
use super::versions::{Seen, Versions, at};
use crate::cadastre::layers::{LAYERS, Layer, ZOOM_MAX};

/// How long a layer whose snapshot could not be built is left to PostGIS.
const AFTER_A_FAILURE: Duration = Duration::from_mins(1);

/// Snapshots of the layers that are open to all.
#[derive(Debug)]
pub struct Snapshots {
    folder: PathBuf,
    /// Whether low zooms are drawn from simpler shapes.
    simplifiees: bool,
    ready: RwLock<HashMap<&'static str, Arc<Ready>>>,
    failed: Mutex<HashMap<&'static str, Instant>>,
    /// The last version of each layer, and since when it is.
    seen: Mutex<HashMap<&'static str, (String, Instant)>>,
}

/// A snapshot in use.
#[derive(Debug)]
pub struct Ready {
    /// The layer as it was, to encode tiles from.
    pub layer: Arc<finage_tiles::Layer>,
    /// It never changes.
    pub(super) state: State,
    version: String,
}

impl Snapshots {
    /// None yet; their files are in the data directory. `simplifiees`: low zooms are drawn from simpler shapes.
    #[must_use]
    pub fn new(data_dir: &Path, simplifiees: bool) -> Self {
        let folder = data_dir.join("instantanes");
        Self { folder, simplifiees, ready: RwLock::default(), failed: Mutex::default(), seen: Mutex::default() }
    }

    /// The snapshot of this version of a layer, if there is one.
    #[must_use]
    pub fn of(&self, layer: &Layer, version: &str) -> Option<Arc<Ready>> {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        ready.get(layer.id).filter(|ready| ready.version == version).cloned()
    }

    /// Forgets a layer whose snapshot cannot be read any more: it is opened or built again.
    pub fn forget(&self, id: &'static str) {
        self.ready.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// Brings every layer that changed to its version: from its file where it is of it, else from PostGIS, once it has kept its
    /// version for as long as `settled`: imports follow one another. A layer that cannot be is told to the log and left to
    /// PostGIS for a while.
    ///
    /// # Errors
    /// The versions cannot be read.
    pub async fn refresh(&self, pool: &PgPool, versions: &Versions, settled: Duration) -> sqlx::Result<()> {
        let seen = versions.read(pool).await?;
        for (layer, plan) in LAYERS.iter().filter_map(|layer| Some((layer, plan(layer, self.simplifiees)?))) {
            let version = seen.of(layer);
            if self.of(layer, &version).is_some()
                || self.waits(layer).await
                || !self.kept(layer, &version, settled).await
            {
                continue;
            }
            let started = Instant::now();
            match self.bring(pool, layer, &plan, &version).await {
                Ok(None) => tracing::debug!(layer = layer.id, "instantané ouvert"),
                Ok(Some(counted)) => counted.told(layer.id, started.elapsed()),
                Err(error) => {
                    tracing::error!(layer = layer.id, %error, "instantané impossible : les tuiles viennent de PostGIS");
                    self.failed.lock().await.insert(layer.id, Instant::now());
                }
            }
        }
        Ok(())
    }

    /// How far each layer is behind the version that is `now`.
    pub async fn lags(&self, now: &Seen) -> Vec<Lag> {
        let seen = self.seen.lock().await;
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        let lag = |layer: &Layer| {
            let Some(there) = ready.get(layer.id) else { return Lag::postgis(layer.id) };
            let lag = Lag::of(layer.id, &there.layer);
            if there.version == now.of(layer) {
                return lag;
            }
            let since = seen.get(layer.id).map_or(Duration::ZERO, |(_, since)| since.elapsed());
            Lag { changes: 1, ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX), ..lag }
        };
        LAYERS.iter().map(lag).collect()
    }

    /// Whether a layer has kept this version for so long; at the start, it has.
    async fn kept(&self, layer: &Layer, version: &str, settled: Duration) -> bool {
        let mut seen = self.seen.lock().await;
        let first = !seen.contains_key(layer.id);
        let (known, since) = seen.entry(layer.id).or_insert_with(|| (version.to_owned(), Instant::now()));
        if known != version {
            (*known, *since) = (version.to_owned(), Instant::now());
        }
        first || since.elapsed() >= settled
    }

    async fn waits(&self, layer: &Layer) -> bool {
        let failed = self.failed.lock().await;
        failed.get(layer.id).is_some_and(|at| at.elapsed() < AFTER_A_FAILURE)
    }

    /// Opens the file of a layer when it is of its version; builds it otherwise, and says what was read.
    async fn bring(
        &self,
        pool: &PgPool,
        layer: &Layer,
        plan: &Plan,
        version: &str,
    ) -> Result<Option<Counted>, BuildError> {
        let path = self.folder.join(format!("{}.instantane", layer.id));
        let mut tx = pool.begin_with("begin isolation level repeatable read read only").await?;
        // A database restored from a backup goes again through versions that it had: it is another.
        let Moment { base, .. } = moment(&mut tx).await?;
        let stamp = |version: &str| format!("{base} {version}");
        if let Some(snapshot) = opened(&path, &plan.schema).await?
            && snapshot.stamp() == stamp(version).as_bytes()
        {
            self.serve(layer, snapshot, version.to_owned());
            return Ok(None);
        }
        make_folder(&self.folder)?;
        // The version is read with the rows: what is built is what it says.
        let version = at(&mut tx).await?.of(layer);
        let counted = build(&mut tx, plan, stamp(&version).as_bytes(), &path).await?;
        tx.rollback().await?;
        let snapshot = opened(&path, &plan.schema).await?.ok_or(BuildError::Unfinished)?;
        self.serve(layer, snapshot, version);
        Ok(Some(counted))
    }

    fn serve(&self, layer: &Layer, snapshot: Snapshot, version: String) {
        let ready = Arc::new(Ready {
            layer: Arc::new(finage_tiles::Layer::new(Arc::new(snapshot))),
            state: State::fresh(),
            version,
        });
        self.ready.write().unwrap_or_else(PoisonError::into_inner).insert(layer.id, ready);
    }
}

/// The folder of the snapshots, for its owner alone.
pub(super) fn make_folder(folder: &Path) -> Result<(), BuildError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|cause| BuildError::Database(sqlx::Error::Io(cause)))
}

/// The snapshot at `path`, every byte checked; `None` when there is none of this schema. One that is corrupt is told to the log,
/// and is as none.
pub(super) async fn opened(path: &Path, schema: &Schema) -> Result<Option<Snapshot>, BuildError> {
    if !path.exists() {
        return Ok(None);
    }
    let there = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || Snapshot::open(&there, Check::Everything)).await?;
    match opened {
        Ok(snapshot) => Ok((snapshot.schema() == schema).then_some(snapshot)),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "instantané illisible : il est reconstruit");
            Ok(None)
        }
    }
}

/// How a layer is read whole, simpler at low zooms or not; `None` for one that has no snapshot.
pub(super) fn plan(layer: &Layer, simplifiees: bool) -> Option<Plan> {
    let whole = layer.whole.as_ref()?;
    let mut schema = Schema::new(layer.id, whole.kind);
    for ((name, _), kind) in layer.fields.iter().zip(whole.columns) {
        schema = schema.publishes(name, *kind);
    }
    if whole.in_one_tile {
        schema = schema.in_one_tile();
    }
    let zooms: Vec<_> = whole.levels.iter().map(|(first, last)| layer.zoom_min.max(*first)..=*last).collect();
    let query = |(first, _): &(u8, u8)| whole.sql.replace("{zoom}", &first.to_string());
    schema = match whole.simplified.as_ref().filter(|_| simplifiees) {
        Some(simplified) => {
            schema.levels(&[simplified.detail_zoom..=ZOOM_MAX]).simplified(layer.zoom_min, simplified.simplification())
        }
        None => schema.levels(&zooms),
    };
    Some(Plan { schema, queries: whole.levels.iter().map(query).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_read_whole_keeps_its_fields_and_has_its_queries() {
        for layer in &LAYERS {
            let Some(plan) = plan(layer, false) else { continue };
            assert_eq!(plan.schema.columns().len(), layer.fields.len(), "{}", layer.id);
            assert_eq!(plan.queries.len(), plan.schema.zooms().len(), "{}", layer.id);
            assert!(plan.queries.iter().all(|query| !query.contains("{zoom}")), "{}", layer.id);
        }
    }

    #[test]
    fn every_simpler_layer_has_a_level_for_each_zoom_it_is_drawn_at() {
        for layer in &LAYERS {
            let Some(plan) = plan(layer, true) else { continue };
            finage_tiles::SnapshotWriter::new(plan.schema.clone()).unwrap();
            assert!((layer.zoom_min..=ZOOM_MAX).all(|zoom| plan.schema.level_at(zoom).is_some()), "{}", layer.id);
        }
    }
}
