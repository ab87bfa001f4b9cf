//! The snapshot of a layer, built from PostGIS as fast as a copy reads.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use finage_tiles::{Applied, Cell, ColumnType, Layer, Schema, SnapshotError, SnapshotWriter, key_of};
use futures::StreamExt as _;
use sqlx::PgConnection;
use thiserror::Error;
use tokio::task::{JoinError, JoinSet};
use uuid::Uuid;

use crate::db::copy_out::{CopyFault, CopyRow, CopyRows};
use crate::spatial::mercator::Mercator;

/// Bytes of rows that a thread is given at once.
const PIECE: usize = 1 << 20;
/// Pieces that wait or are gathered, at most: what a build may hold of a copy.
const PIECES: usize = 8;

/// What is known of the database's system, from one build to the next.
pub(super) static MERCATOR: LazyLock<Mercator> = LazyLock::new(Mercator::default);

/// A build that people would wonder about.
const LONG: Duration = Duration::from_secs(2);

/// Why a layer has no snapshot.
#[derive(Debug, Error)]
pub enum BuildError {
    /// PostgreSQL refused, or went away.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// What it sent is no copy, or a copy cut short.
    #[error(transparent)]
    Copy(#[from] CopyFault),
    /// The copy ended before its end.
    #[error("la copie s'est arrêtée avant sa fin")]
    Unfinished,
    /// The snapshot cannot be made or written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A thread died.
    #[error(transparent)]
    Thread(#[from] JoinError),
}

/// How a layer is read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its columns and its levels.
    pub schema: Schema,
    /// The query of each level that is not made from the first: a key, the cells in the order of the columns, the shape as EWKB
    /// in the system of the database.
    pub queries: Vec<String>,
}

/// What was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Rows drawn, all levels together.
    pub rows: usize,
    /// Rows without a shape that can be drawn: empty, of another kind, unreadable.
    pub left_out: u64,
}

impl Counted {
    /// Tells the log of a layer that was built; what took no time concerns nobody.
    pub(super) fn told(self, layer: &str, took: Duration) {
        let Self { rows, left_out } = self;
        let ms = took.as_millis();
        if took > LONG {
            tracing::info!(layer, rows, left_out, ms, "instantané construit");
        } else {
            tracing::debug!(layer, rows, left_out, ms, "instantané construit");
        }
    }
}

impl std::ops::AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.left_out += other.left_out;
    }
}

/// Reads a layer in the transaction of `connection` and writes its snapshot at `path`, where the one before stays until then.
///
/// # Errors
/// The database or the disk refused: what was at `path` is still there.
pub async fn build(
    connection: &mut PgConnection,
    plan: &Plan,
    stamp: &[u8],
    path: &Path,
) -> Result<Counted, BuildError> {
    let mut writer = SnapshotWriter::new(plan.schema.clone())?;
    writer.stamp(stamp)?;
    let writer = Arc::new(writer);
    let mut counted = Counted::default();
    for (level, query) in plan.queries.iter().enumerate() {
        counted += read(connection, &writer, level, query).await?;
    }
    let path = path.to_owned();
    let writer = Arc::into_inner(writer).ok_or(BuildError::Unfinished)?;
    tokio::task::spawn_blocking(move || writer.finish(&path)).await??;
    Ok(counted)
}

async fn read(
    connection: &mut PgConnection,
    writer: &Arc<SnapshotWriter>,
    level: usize,
    query: &str,
) -> Result<Counted, BuildError> {
    let (mut rows, mut pieces, mut counted) = (CopyRows::default(), JoinSet::new(), Counted::default());
    {
        let mut copy = connection.copy_out_raw(&format!("copy ({query}) to stdout (format binary)")).await?;
        while let Some(bytes) = copy.next().await {
            rows.push(&bytes?);
            while rows.next_row()?.is_some() {}
            if rows.passed() >= PIECE {
                if pieces.len() >= PIECES
                    && let Some(gathered) = pieces.join_next().await
                {
                    counted += gathered??;
                }
                gather_aside(&mut pieces, writer, level, rows.take());
            }
        }
    }
    if !rows.is_whole() {
        return Err(BuildError::Unfinished);
    }
    gather_aside(&mut pieces, writer, level, rows.take());
    while let Some(gathered) = pieces.join_next().await {
        counted += gathered??;
    }
    Ok(counted)
}

fn gather_aside(
    pieces: &mut JoinSet<Result<Counted, BuildError>>,
    writer: &Arc<SnapshotWriter>,
    level: usize,
    bytes: Vec<u8>,
) {
    let writer = Arc::clone(writer);
    pieces.spawn_blocking(move || gather(&writer, level, bytes));
}

fn gather(writer: &SnapshotWriter, level: usize, bytes: Vec<u8>) -> Result<Counted, BuildError> {
    let columns: Vec<ColumnType> = writer.schema().columns().iter().map(|column| column.kind).collect();
    let (mut rows, mut batch, mut unreadable) = (CopyRows::of(bytes), writer.batch(level)?, 0);
    let mut project = MERCATOR.reader();
    while let Some(row) = rows.next_row()? {
        let cells: Vec<Cell<'_>> = (1..).zip(&columns).map(|(rank, kind)| cell(&row, rank, *kind)).collect();
        let key = key_of(row.bytes(0).unwrap_or_default());
        let shape = row.bytes(columns.len() + 1).unwrap_or_default();
        match batch.push_wkb_by(&mut project, key, shape, &cells) {
            Ok(()) => {}
            Err(SnapshotError::Shape(_)) => unreadable += 1,
            Err(error) => return Err(error.into()),
        }
    }
    let counted = Counted { rows: batch.len(), left_out: batch.left_out() + unreadable };
    writer.add(batch)?;
    Ok(counted)
}

/// A cell of a row, of this type.
pub(super) fn cell<'a>(row: &CopyRow<'a>, rank: usize, kind: ColumnType) -> Cell<'a> {
    let cell = match kind {
        ColumnType::Dictionary | ColumnType::Text => row.text(rank).map(Cell::Text),
        ColumnType::Integer => row.integer(rank).map(Cell::Integer),
        ColumnType::Decimal => row.float(rank).map(Cell::Decimal),
        ColumnType::Bool => row.bool(rank).map(Cell::Bool),
    };
    cell.unwrap_or(Cell::Null)
}

/// The layer once these rows are what they are now in the transaction of `connection`: `keys` are UUIDs, others are no rows.
///
/// # Errors
/// The database refused, or the layer cannot take them.
pub async fn changed(
    connection: &mut PgConnection,
    plan: &Plan,
    layer: &Arc<Layer>,
    keys: &HashSet<&str>,
) -> Result<Applied, BuildError> {
    let ids: Vec<Uuid> = keys.iter().filter_map(|key| key.parse().ok()).collect();
    let listed = ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",");
    let query = plan.queries.first().ok_or(BuildError::Unfinished)?;
    let mut rows = CopyRows::default();
    {
        // A copy binds nothing; a UUID has no letter that SQL would take for its own.
        let statement = format!("copy ({query} and o.id = any ('{{{listed}}}'::uuid[])) to stdout (format binary)");
        let mut copy = connection.copy_out_raw(&statement).await?;
        while let Some(bytes) = copy.next().await {
            rows.push(&bytes?);
            while rows.next_row()?.is_some() {}
        }
    }
    if !rows.is_whole() {
        return Err(BuildError::Unfinished);
    }
    let (layer, columns, bytes) = (Arc::clone(layer), plan.schema.columns().to_vec(), rows.take());
    let applied = tokio::task::spawn_blocking(move || {
        let mut change = layer.change()?;
        for id in ids {
            change.remove(key_of(id.to_string().as_bytes()))?;
        }
        let (mut rows, mut project) = (CopyRows::of(bytes), MERCATOR.reader());
        while let Some(row) = rows.next_row()? {
            let cells: Vec<Cell<'_>> =
                (1..).zip(&columns).map(|(rank, column)| cell(&row, rank, column.kind)).collect();
            let shape = row.bytes(columns.len() + 1).unwrap_or_default();
            match change.put_wkb_by(&mut project, key_of(row.bytes(0).unwrap_or_default()), shape, &cells) {
                Ok(()) | Err(SnapshotError::Shape(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok::<_, BuildError>(layer.apply(change)?)
    });
    applied.await?
}
