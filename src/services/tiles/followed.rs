//! Layers of modules: a snapshot each, and over it every change of a row, by the events that PostgreSQL writes with it.
//!
//! A tile asks its own transaction which events it sees. When one is not in the layer yet, PostGIS draws the tile: who just
//! wrote sees what was written, whatever the delay of the follower.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use finage_tiles::{Condition, Layer, Predicate, TileCoord};
use sqlx::{PgConnection, PgPool};

use super::build::{BuildError, build, changed};
use super::lag::Lag;
use super::moment::{Moment, moment};
use super::served::Part;
use super::snapshots::{make_folder, opened};
use super::source::{COLLECTIVITE, INSEE, KEY, Source};
use super::touches::Touches;
use crate::db::TenantTx;
use crate::modules::objets::{Couche, Proprietes, Regard};

/// Events read at once; a layer that has more to catch up with is built again.
pub(super) const EVENTS: i64 = 50_000;
/// How long a layer that could not be built is left to PostGIS.
const AFTER_A_FAILURE: Duration = Duration::from_mins(1);
/// Rows changed over a snapshot, for one of its own: beyond, it is written again with them.
const PENDING_SHARE: usize = 10;
/// Rows changed over a snapshot that are always borne.
const PENDING_FLOOR: usize = 10_000;

/// The layers of modules that have a snapshot.
#[derive(Debug)]
pub struct Followed {
    folder: PathBuf,
    layers: RwLock<HashMap<&'static str, Arc<InStep>>>,
    failed: RwLock<HashMap<&'static str, Instant>>,
    /// Since when layers whose rows are all to be read again wait for it.
    reloads: RwLock<HashMap<&'static str, Instant>>,
}

/// A layer, and the events that are in it.
#[derive(Debug, Clone)]
struct InStep {
    source: Source,
    layer: Arc<Layer>,
    /// Every event of an earlier transaction is in the layer.
    since: u64,
    /// Events of later transactions that are in it too.
    applied: HashSet<i64>,
    /// When its tiles changed.
    touches: Touches,
}

/// An event: identifier, transaction, object, keys, none when they are too many.
pub(super) type Event = (i64, i64, String, Option<Vec<String>>);

impl Followed {
    /// None yet; their files are in the data directory.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join("instantanes"),
            layers: RwLock::default(),
            failed: RwLock::default(),
            reloads: RwLock::default(),
        }
    }

    fn of(&self, id: &str) -> Option<Arc<InStep>> {
        self.layers.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// Rows of a layer that is in step; `None` for one that PostGIS draws.
    #[must_use]
    pub fn rows(&self, id: &str) -> Option<usize> {
        Some(self.of(id)?.layer.rows())
    }

    fn put(&self, layer: InStep) {
        self.layers.write().unwrap_or_else(PoisonError::into_inner).insert(layer.source.couche.id, Arc::new(layer));
    }

    fn drop_layer(&self, id: &'static str) {
        self.layers.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// Brings each of these layers in step with its rows, and forgets the others. One whose rows are all to be read again is so
    /// after `settled`: such changes follow one another. A layer that cannot be is told to the log and left to PostGIS
    /// for a while.
    ///
    /// # Errors
    /// The events cannot be read.
    pub async fn refresh(&self, pool: &PgPool, wanted: &[Source], settled: Duration) -> Result<(), BuildError> {
        let same = |there: &InStep| wanted.iter().any(|source| source.plan == there.source.plan);
        self.layers.write().unwrap_or_else(PoisonError::into_inner).retain(|_, there| same(there));
        self.catch_up(pool).await?;
        for source in wanted {
            let id = source.couche.id;
            if self.of(id).is_some() || since(&self.failed, id, AFTER_A_FAILURE) || since(&self.reloads, id, settled) {
                continue;
            }
            if let Err(error) = self.bring(pool, source.clone()).await {
                tracing::error!(layer = id, %error, "instantané impossible : les tuiles viennent de PostGIS");
                self.fails(id);
            }
        }
        Ok(())
    }

    /// Forgets a layer whose snapshot cannot be read any more: it is opened or built again.
    pub fn forget(&self, id: &'static str) {
        self.drop_layer(id);
    }

    fn fails(&self, id: &'static str) {
        self.drop_layer(id);
        self.failed.write().unwrap_or_else(PoisonError::into_inner).insert(id, Instant::now());
    }

    /// Opens the snapshot of a layer, whose stamp says from which transaction on it is to be caught up; builds it where there is
    /// none, or where that is too much.
    async fn bring(&self, pool: &PgPool, source: Source) -> Result<(), BuildError> {
        let started = Instant::now();
        let mut tx = pool.begin_with("begin isolation level repeatable read read only").await?;
        let Moment { base, now, .. } = moment(&mut tx).await?;
        let path = self.file(&source);
        if let Some(snapshot) = opened(&path, &source.plan.schema).await?
            && let Some(since) = told(snapshot.stamp(), &base).filter(|since| *since <= now)
        {
            let (behind, reload): (i64, bool) = sqlx::query_as(include_str!("sql/retard.sql"))
                .bind(since.to_string())
                .bind(source.objet())
                .bind(EVENTS)
                .fetch_one(&mut *tx)
                .await?;
            if behind < EVENTS && !reload {
                tx.rollback().await?;
                self.put(InStep {
                    source,
                    layer: Arc::new(Layer::new(Arc::new(snapshot))),
                    since,
                    applied: HashSet::new(),
                    touches: Touches::none(),
                });
                return self.catch_up(pool).await;
            }
        }
        make_folder(&self.folder)?;
        let counted = build(&mut tx, &source.plan, stamp(&base, now).as_bytes(), &path).await?;
        // Changes of transactions that ended while an earlier one goes on: what was read has them.
        let applied: Vec<i64> = sqlx::query_scalar(include_str!("sql/vus.sql"))
            .bind(now.to_string())
            .bind(source.objet())
            .bind(EVENTS)
            .fetch_all(&mut *tx)
            .await?;
        tx.rollback().await?;
        let snapshot = opened(&path, &source.plan.schema).await?.ok_or(BuildError::Unfinished)?;
        counted.told(source.couche.id, started.elapsed());
        self.put(InStep {
            source,
            layer: Arc::new(Layer::new(Arc::new(snapshot))),
            since: now,
            applied: applied.into_iter().collect(),
            touches: Touches::none(),
        });
        Ok(())
    }

    fn file(&self, source: &Source) -> PathBuf {
        self.folder.join(format!("{}.instantane", source.couche.id))
    }

    /// Applies the events that layers do not have. A layer whose rows are all to be read again, that has too many events, or of which
    /// some are no longer told, is left to PostGIS until it is built.
    async fn catch_up(&self, pool: &PgPool) -> Result<(), BuildError> {
        let there: Vec<Arc<InStep>> =
            self.layers.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let Some(since) = there.iter().map(|layer| layer.since).min() else { return Ok(()) };
        let mut tx = pool.begin_with("begin isolation level repeatable read read only").await?;
        let Moment { base, now, forgotten } = moment(&mut tx).await?;
        let objets: Vec<&str> = there.iter().map(|layer| layer.source.objet()).collect();
        let events: Vec<Event> = sqlx::query_as(include_str!("sql/evenements.sql"))
            .bind(since.to_string())
            .bind(&objets)
            .bind(EVENTS)
            .fetch_all(&mut *tx)
            .await?;
        let too_many = i64::try_from(events.len()).is_ok_and(|read| read >= EVENTS);
        for layer in there {
            let id = layer.source.couche.id;
            let (its, applied) = layer.to_apply(&events, now);
            if too_many || layer.since <= forgotten || its.iter().any(|(.., keys)| keys.is_none()) {
                self.drop_layer(id);
                self.reloads.write().unwrap_or_else(PoisonError::into_inner).insert(id, Instant::now());
                continue;
            }
            let keys: HashSet<&str> =
                its.iter().filter_map(|(.., keys)| keys.as_deref()).flatten().map(String::as_str).collect();
            let mut after = InStep { since: now.max(layer.since), applied, ..InStep::clone(&layer) };
            if !keys.is_empty()
                && let Err(error) = self.take(&mut tx, &mut after, &keys, &base).await
            {
                tracing::error!(layer = id, %error, "instantané qui ne suit plus : les tuiles viennent de PostGIS");
                self.fails(id);
                // The transaction may have failed with it: the others are taken up the next time.
                break;
            }
            self.put(after);
        }
        tx.rollback().await?;
        Ok(())
    }

    /// Takes rows as they now are into a layer.
    async fn take(
        &self,
        connection: &mut PgConnection,
        after: &mut InStep,
        keys: &HashSet<&str>,
        base: &str,
    ) -> Result<(), BuildError> {
        let applied = changed(connection, &after.source.plan, &after.layer, keys).await?;
        after.touches = after.touches.and(&applied.touched);
        after.layer = Arc::new(applied.layer);
        self.compact(after, base).await
    }

    /// Writes a layer again when what changed weighs on each tile.
    async fn compact(&self, after: &mut InStep, base: &str) -> Result<(), BuildError> {
        let layer = Arc::clone(&after.layer);
        if layer.pending() <= PENDING_FLOOR.max(layer.rows() / PENDING_SHARE) {
            return Ok(());
        }
        let (path, stamp) = (self.file(&after.source), stamp(base, after.since));
        let there = path.clone();
        tokio::task::spawn_blocking(move || layer.compact_to(&there, stamp.as_bytes())).await??;
        let snapshot = opened(&path, &after.source.plan.schema).await?.ok_or(BuildError::Unfinished)?;
        after.layer = Arc::new(Layer::new(Arc::new(snapshot)));
        after.touches = Touches::none();
        Ok(())
    }

    /// How far each of these layers is behind its rows.
    ///
    /// # Errors
    /// The events cannot be read.
    pub async fn lags(&self, pool: &PgPool, wanted: &[&'static Couche]) -> sqlx::Result<Vec<Lag>> {
        let mut lags = Vec::with_capacity(wanted.len());
        for couche in wanted {
            let Some(there) = self.of(couche.id) else {
                lags.push(Lag::postgis(couche.id));
                continue;
            };
            let applied: Vec<i64> = there.applied.iter().copied().collect();
            let lag = Lag::of(couche.id, &there.layer);
            lags.push(lag.behind(pool, there.source.objet(), there.since, &applied, EVENTS).await?);
        }
        Ok(lags)
    }

    /// The rows that `regard` opens, with these fields, in one tile; `None` when PostGIS must draw them: there is no snapshot, rights
    /// say more than communes, or who asks sees a change that is not in it yet.
    ///
    /// # Errors
    /// The database refused or timed out.
    pub async fn part(
        &self,
        tx: &mut TenantTx,
        couche: &'static Couche,
        regard: &Regard,
        proprietes: &Proprietes,
        coord: TileCoord,
    ) -> sqlx::Result<Option<Part>> {
        let Some(there) = self.of(couche.id) else { return Ok(None) };
        let Some(openings) = regard.par_commune(&proprietes.champs) else { return Ok(None) };
        let fields: Vec<_> =
            proprietes.cle.then_some(KEY).into_iter().chain(proprietes.champs.iter().map(|champ| champ.nom)).collect();
        if !fields.iter().all(|field| there.source.plan.schema.is_published(field)) {
            return Ok(None);
        }
        let applied: Vec<i64> = there.applied.iter().copied().collect();
        let (mine, communes, unseen): (Option<i32>, Vec<String>, bool) = sqlx::query_as(include_str!("sql/portee.sql"))
            .bind(couche.modele.objet.nom)
            .bind(there.since.to_string())
            .bind(&applied)
            .fetch_one(&mut **tx)
            .await?;
        if unseen {
            return Ok(None);
        }
        let predicate = if regard.est_public() {
            openings.iter().fold(Predicate::nothing(), |predicate, opened| predicate.or_all(in_communes(*opened, None)))
        } else {
            let mine = mine.map(|mine| mine.to_string());
            let of_mine = mine.as_deref().map(|mine| Condition::one_of(COLLECTIVITE, [mine]));
            let by_mission = Condition::one_of(INSEE, communes.iter().map(String::as_str));
            openings.iter().fold(Predicate::nothing(), |predicate, opened| {
                let predicate = match &of_mine {
                    Some(of_mine) => predicate.or_all(in_communes(*opened, Some(of_mine))),
                    None => predicate,
                };
                predicate.or_all(in_communes(*opened, Some(&by_mission)))
            })
        };
        let (id, state, layer) = (couche.id, there.touches.of(coord), Arc::clone(&there.layer));
        Ok(Some(Part::Drawn { id, layer, state, fields, predicate }))
    }
}

impl InStep {
    /// The events of this layer that it does not have, and those that its next state must know it has: of transactions that were
    /// not all ended at `now`.
    fn to_apply<'a>(&self, events: &'a [Event], now: u64) -> (Vec<&'a Event>, HashSet<i64>) {
        let after = |event: &Event, moment: u64| u64::try_from(event.1).is_ok_and(|transaction| transaction >= moment);
        let its: Vec<&Event> =
            events.iter().filter(|event| event.2 == self.source.objet() && after(event, self.since)).collect();
        let applied = its.iter().filter(|event| after(event, now)).map(|event| event.0).collect();
        (its.into_iter().filter(|event| !self.applied.contains(&event.0)).collect(), applied)
    }
}

/// All of these: a condition, and to be in one of these communes, if they are said.
fn in_communes(communes: Option<&[String]>, condition: Option<&Condition>) -> Vec<Condition> {
    let there = communes.map(|communes| Condition::one_of(INSEE, communes.iter().map(String::as_str)));
    condition.cloned().into_iter().chain(there).collect()
}

/// What a snapshot keeps of the moment of its rows.
fn stamp(base: &str, now: u64) -> String {
    format!("{base} {now}")
}

/// Whether something happened to a layer less than so long ago.
fn since(times: &RwLock<HashMap<&'static str, Instant>>, id: &str, long: Duration) -> bool {
    times.read().unwrap_or_else(PoisonError::into_inner).get(id).is_some_and(|at| at.elapsed() < long)
}

/// The moment that a stamp of this database tells.
pub(super) fn told(stamp: &[u8], base: &str) -> Option<u64> {
    std::str::from_utf8(stamp).ok()?.strip_prefix(base)?.strip_prefix(' ')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_its_moment_to_its_database_alone() {
        assert_eq!(told(stamp("a 1 2", 77).as_bytes(), "a 1 2"), Some(77));
        assert_eq!(told(stamp("a 1 2", 77).as_bytes(), "a 1"), None);
        assert_eq!(told(b"\xff", "a"), None);
    }
}
