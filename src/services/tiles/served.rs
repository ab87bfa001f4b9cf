//! Tiles as they are sent: made once for all who may see the same, and kept as long as nothing of them changes.

use std::io;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use axum::body::Bytes;
use finage_tiles::{
    Layer, Predicate, SnapshotError, TileCoord, TileRequest, TileScratch, key_of, only_fields, thinned,
};
use moka::future::Cache;
use sqlx::PgPool;
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use super::coding::Coding;
use super::measures::{Measures, Origin};
use super::touches::State;

/// Bytes that a layer takes in a tile at most, before it is compressed: beyond, the smallest shapes are left out.
pub const MAX_LAYER_BYTES: usize = 2_000_000;
/// What a tile kept takes beside its bytes.
const OVERHEAD: usize = 512;

/// Why a tile could not be made.
#[derive(Debug, Error)]
pub enum TileError {
    /// The database refused or timed out.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The snapshot of a layer cannot be read: PostGIS draws it.
    #[error("instantané de « {0} » illisible : {1}")]
    Unreadable(&'static str, SnapshotError),
    /// One shape of a layer is larger than a tile may be.
    #[error("la couche « {0} » a ici une forme de plus de {max} ko", max = MAX_LAYER_BYTES / 1000)]
    TooLarge(&'static str),
    /// What PostGIS drew cannot be read.
    #[error("tuile de PostGIS illisible : {0}")]
    Strange(SnapshotError),
    /// The bytes could not be compressed.
    #[error(transparent)]
    Coding(#[from] io::Error),
    /// A thread died.
    #[error(transparent)]
    Thread(#[from] JoinError),
}

/// A layer of a tile.
#[derive(Debug)]
pub enum Part {
    /// To be encoded from a snapshot.
    Drawn {
        /// Its layer.
        id: &'static str,
        /// What it is drawn from.
        layer: Arc<Layer>,
        /// The same draws the same.
        state: State,
        /// Properties wanted.
        fields: Vec<&'static str>,
        /// Rows that may be seen.
        predicate: Predicate,
    },
    /// Drawn by PostGIS, for a layer that is open to all.
    Read {
        /// Its layer.
        id: &'static str,
        /// Its query: zoom, column, row.
        sql: &'static str,
        /// The same draws the same.
        state: State,
        /// A snapshot is to come.
        waits: bool,
        /// Properties wanted, when not all.
        fields: Option<Vec<&'static str>>,
    },
    /// Drawn by PostGIS under a right: for this request alone.
    Given(&'static str, Vec<u8>),
}

/// A layer of a tile, as far as it makes another tile.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Same {
    id: &'static str,
    state: State,
    fields: Option<Vec<&'static str>>,
    predicate: Option<Predicate>,
}

/// What makes a tile: two that are equal are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    coord: TileCoord,
    coding: Coding,
    parts: Vec<Same>,
}

/// A tile as it is sent.
#[derive(Debug, Clone)]
pub struct Served {
    /// Its bytes; none when nothing that may be seen is there.
    pub bytes: Bytes,
    /// How they are coded.
    pub coding: Coding,
    /// Of what it holds, however it is coded.
    pub digest: u64,
}

/// What makes tiles and keeps them.
#[derive(Debug)]
pub struct Tiles {
    kept: Option<Cache<Key, Served>>,
    /// As many are encoded at once as the machine can.
    turns: Arc<Semaphore>,
    /// Memory to encode in, of who has no turn: threads come and go, and each would keep its own.
    scratches: Arc<Mutex<Vec<TileScratch>>>,
    measures: Measures,
}

impl Tiles {
    /// Keeps tiles in so many bytes; none in nought.
    #[must_use]
    pub fn keeping(bytes: u64) -> Self {
        let weight = |_: &Key, tile: &Served| u32::try_from(tile.bytes.len() + OVERHEAD).unwrap_or(u32::MAX);
        let kept = (bytes > 0).then(|| Cache::builder().max_capacity(bytes).weigher(weight).build());
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        Self { kept, turns: Arc::new(Semaphore::new(cores)), scratches: Arc::default(), measures: Measures::default() }
    }

    /// What was made and kept so far.
    #[must_use]
    pub fn measures(&self) -> &Measures {
        &self.measures
    }

    /// Tiles kept, and their bytes.
    #[must_use]
    pub fn kept(&self) -> (u64, u64) {
        self.kept.as_ref().map_or((0, 0), |kept| (kept.entry_count(), kept.weighted_size()))
    }

    /// The tile of these parts, made once when many ask for it at once.
    ///
    /// # Errors
    /// The database refused, or a snapshot cannot be read.
    pub async fn tile(
        &self,
        pool: &PgPool,
        coord: TileCoord,
        parts: Vec<Part>,
        coding: Coding,
    ) -> Result<Served, Arc<TileError>> {
        let same: Option<Vec<Same>> = parts.iter().map(Part::same).collect();
        let (Some(kept), Some(same)) = (&self.kept, same) else {
            return self.make(pool, coord, parts, coding).await.map_err(Arc::new);
        };
        let key = Key { coord, coding, parts: same };
        if let Some(tile) = kept.get(&key).await {
            self.measures.answered(Origin::Kept, tile.bytes.len());
            return Ok(tile);
        }
        kept.try_get_with(key, self.make(pool, coord, parts, coding)).await
    }

    async fn make(
        &self,
        pool: &PgPool,
        coord: TileCoord,
        parts: Vec<Part>,
        coding: Coding,
    ) -> Result<Served, TileError> {
        let (mut ready, mut origin) = (Vec::with_capacity(parts.len()), Origin::Snapshot);
        for part in parts {
            ready.push(match part {
                Part::Drawn { id, layer, fields, predicate, .. } => Ready::ToDraw { id, layer, fields, predicate },
                Part::Read { id, sql, fields, .. } => {
                    origin = Origin::Postgis;
                    let bytes = read(pool, sql, coord).await?;
                    Ready::Bytes(
                        id,
                        match fields {
                            Some(fields) => only_fields(&bytes, &fields).map_err(TileError::Strange)?,
                            None => bytes,
                        },
                    )
                }
                Part::Given(id, bytes) => {
                    origin = Origin::Postgis;
                    Ready::Bytes(id, bytes)
                }
            });
        }
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let scratches = Arc::clone(&self.scratches);
        let made = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let free = || scratches.lock().unwrap_or_else(PoisonError::into_inner);
            let mut scratch = free().pop().unwrap_or_default();
            let made = written(ready, coord, coding, &mut scratch);
            free().push(scratch);
            made
        });
        let (served, thinned) = made.await??;
        self.measures.answered(origin, served.bytes.len());
        self.measures.left_out(thinned);
        Ok(served)
    }
}

impl Part {
    fn same(&self) -> Option<Same> {
        match self {
            Self::Drawn { id, state, fields, predicate, .. } => {
                Some(Same { id, state: *state, fields: Some(fields.clone()), predicate: Some(predicate.clone()) })
            }
            Self::Read { id, state, fields, .. } => {
                Some(Same { id, state: *state, fields: fields.clone(), predicate: None })
            }
            Self::Given(..) => None,
        }
    }
}

/// A layer of a tile once the database has said its part.
enum Ready {
    Bytes(&'static str, Vec<u8>),
    ToDraw { id: &'static str, layer: Arc<Layer>, fields: Vec<&'static str>, predicate: Predicate },
}

/// The tile of a layer by PostGIS.
async fn read(pool: &PgPool, sql: &'static str, coord: TileCoord) -> sqlx::Result<Vec<u8>> {
    sqlx::query_scalar(sql)
        .bind(i32::from(coord.z()))
        .bind(i32::try_from(coord.x()).unwrap_or(i32::MAX))
        .bind(i32::try_from(coord.y()).unwrap_or(i32::MAX))
        .fetch_one(pool)
        .await
}

/// The bytes of a tile, and how many rows were left out of it for its size.
fn written(
    parts: Vec<Ready>,
    coord: TileCoord,
    coding: Coding,
    scratch: &mut TileScratch,
) -> Result<(Served, u32), TileError> {
    let (mut bytes, mut left_out) = (Vec::new(), 0);
    for part in parts {
        match part {
            Ready::Bytes(id, part) => {
                let (part, gone) = thinned(part, MAX_LAYER_BYTES).map_err(|error| match error {
                    SnapshotError::TooLarge(_) => TileError::TooLarge(id),
                    error => TileError::Strange(error),
                })?;
                left_out += gone;
                if bytes.is_empty() { bytes = part } else { bytes.extend_from_slice(&part) }
            }
            Ready::ToDraw { id, layer, fields, predicate } => {
                let request = TileRequest::new(coord, &fields, &predicate).at_most(MAX_LAYER_BYTES);
                let stats = layer.tile(&request, scratch, &mut bytes).map_err(|error| match error {
                    SnapshotError::TooLarge(_) => TileError::TooLarge(id),
                    error => TileError::Unreadable(id, error),
                })?;
                left_out += stats.left_out;
            }
        }
    }
    let digest = key_of(&bytes);
    let (coding, bytes) = coding.write(bytes)?;
    Ok((Served { bytes: bytes.into(), coding, digest }, left_out))
}
