//! Snapshots held to PostGIS: what a row changed behind the engine's back, or a damaged file, makes differ.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use finage_tiles::{
    Cell, Check, ColumnType, Comparison, Difference, Extra, Layer, Schema, Snapshot, SnapshotError, SnapshotWriter,
    ZOOM_MAX, key_of,
};
use futures::StreamExt as _;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use tokio::task::JoinSet;

use super::build::{BuildError, MERCATOR, Plan, cell, changed};
use super::followed::{EVENTS, Event, told};
use super::kept::Kept;
use super::moment::{Moment, moment};
use super::versions::{Seen, at};
use crate::db::copy_out::CopyRows;

/// Bytes of rows that a thread holds to the snapshot at once.
const PIECE: usize = 1 << 20;
/// Pieces that wait or are held, at most.
const PIECES: usize = 8;

/// What was found of a layer.
#[derive(Debug, Serialize)]
pub struct Verified {
    /// Identifier of the layer.
    pub couche: &'static str,
    /// How its snapshot stands to PostGIS.
    pub etat: Etat,
    /// Why it was not compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Rows of PostGIS that it was held to, all levels together.
    pub lignes: u64,
    /// What differs.
    pub ecarts: Vec<Ecart>,
}

/// How a snapshot stands to PostGIS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Etat {
    /// The same rows.
    Conforme,
    /// Not the same: tiles are wrong.
    Different,
    /// The file cannot be read: servers build another at their next start.
    Abime,
    /// The file is of another moment of the layer, from which no server draws.
    Depasse,
    /// There is none: PostGIS draws.
    Absent,
}

/// What differs of a row.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Ecart {
    /// Its key, or what the snapshot has of it where that is not its key.
    pub cle: String,
    /// First and last zooms drawn by these rows.
    pub zooms: (u8, u8),
    /// What is wrong.
    #[serde(flatten)]
    pub quoi: Quoi,
}

/// What is wrong with a row of a snapshot.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "quoi", rename_all = "snake_case")]
pub enum Quoi {
    /// PostGIS has it, the snapshot has not.
    Manque,
    /// The snapshot has it, PostGIS has not.
    EnTrop,
    /// It has another shape.
    Forme,
    /// It has another value.
    Valeur {
        /// Of this field.
        champ: String,
        /// In the snapshot.
        instantane: Option<String>,
        /// In PostGIS.
        postgis: Option<String>,
    },
}

impl Verified {
    /// Whether something is wrong with what tiles are drawn from.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        matches!(self.etat, Etat::Different | Etat::Abime)
    }

    fn apart(couche: &'static str, etat: Etat, cause: impl Into<Option<String>>) -> Self {
        Self { couche, etat, cause: cause.into(), lignes: 0, ecarts: Vec::new() }
    }
}

/// Holds every row of the snapshots of these layers, in `data_dir`, to PostGIS read in one transaction, with the changes since
/// as servers apply them.
///
/// # Errors
/// The database refused, or a thread died.
pub async fn verify(
    pool: &PgPool,
    data_dir: &Path,
    layers: &[Kept],
    each: impl Fn(&Verified),
) -> Result<Vec<Verified>, BuildError> {
    // Files first: what they hold is then of before the transaction.
    let folder = data_dir.join("instantanes");
    let mut opened = Vec::new();
    for layer in layers {
        let path = folder.join(format!("{}.instantane", layer.id()));
        opened.push(tokio::task::spawn_blocking(move || open(&path)).await?);
    }
    let mut tx = pool.begin_with("begin isolation level repeatable read read only").await?;
    let (moment, seen) = (moment(&mut tx).await?, at(&mut tx).await?);
    let mut found = Vec::new();
    for (layer, snapshot) in layers.iter().zip(opened) {
        let id = layer.id();
        let verified = match snapshot {
            Ok(None) => Verified::apart(id, Etat::Absent, None),
            Err(error) => Verified::apart(id, Etat::Abime, error),
            Ok(Some(snapshot)) => match current(&mut tx, layer, snapshot, &moment, &seen).await? {
                Ok((plan, layer)) => hold(&mut tx, id, &plan, &layer).await?,
                Err(cause) => Verified::apart(id, Etat::Depasse, cause),
            },
        };
        each(&verified);
        found.push(verified);
    }
    tx.rollback().await?;
    Ok(found)
}

/// The snapshot at `path`, every byte checked; `None` when there is no file.
fn open(path: &Path) -> Result<Option<Snapshot>, String> {
    match Snapshot::open(path, Check::Everything) {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(SnapshotError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("« {} » : {error}", path.display())),
    }
}

/// How a layer is read whole, and the layer as servers draw it: the snapshot and what changed since; why none draws from it.
async fn current(
    connection: &mut PgConnection,
    layer: &Kept,
    snapshot: Snapshot,
    Moment { base, now, forgotten }: &Moment,
    seen: &Seen,
) -> Result<Result<(Plan, Arc<Layer>), String>, BuildError> {
    let other = |cause: &str| Ok(Err(cause.to_owned()));
    match layer {
        Kept::Core(layer, plan) => {
            if snapshot.schema() != &plan.schema {
                return other("il est d'une autre version de Finage");
            }
            if snapshot.stamp() != format!("{base} {}", seen.of(layer)).as_bytes() {
                return other("la couche a changé depuis");
            }
            Ok(Ok((plan.clone(), Arc::new(Layer::new(Arc::new(snapshot))))))
        }
        Kept::Module(source) => {
            if snapshot.schema() != &source.plan.schema {
                return other("il est d'une autre version du module");
            }
            let Some(since) = told(snapshot.stamp(), base).filter(|since| since <= now) else {
                return other("il est d'une autre base");
            };
            if since <= *forgotten {
                return other(
                    "les changements qu'il n'a pas ne sont plus dits : les serveurs en construisent un autre",
                );
            }
            let events: Vec<Event> = sqlx::query_as(include_str!("sql/evenements.sql"))
                .bind(since.to_string())
                .bind([source.objet()])
                .bind(EVENTS)
                .fetch_all(&mut *connection)
                .await?;
            let too_many = i64::try_from(events.len()).is_ok_and(|read| read >= EVENTS);
            if too_many || events.iter().any(|(.., keys)| keys.is_none()) {
                return other("trop de lignes ont changé depuis : les serveurs en construisent un autre");
            }
            let keys: HashSet<&str> =
                events.iter().filter_map(|(.., keys)| keys.as_deref()).flatten().map(String::as_str).collect();
            let layer = Arc::new(Layer::new(Arc::new(snapshot)));
            Ok(Ok((source.plan.clone(), Arc::new(changed(connection, &source.plan, &layer, &keys).await?.layer))))
        }
    }
}

/// Holds every level of a layer that is read from PostGIS to its query.
async fn hold(
    connection: &mut PgConnection,
    couche: &'static str,
    plan: &Plan,
    layer: &Layer,
) -> Result<Verified, BuildError> {
    let (mut lignes, mut ecarts) = (0, Vec::new());
    for (level, query) in plan.queries.iter().enumerate() {
        let zooms = plan.schema.zooms().get(level).copied().unwrap_or((0, ZOOM_MAX));
        let ecart = |(cle, quoi): (String, Quoi)| Ecart { cle, zooms, quoi };
        let comparison = Arc::new(Comparison::new(layer, level)?);
        let (read, apart) = read(connection, plan, query, &comparison).await?;
        let (_, extra) = comparison.extra(usize::MAX)?;
        lignes += read;
        ecarts.extend(apart.into_iter().chain(extra.iter().map(|extra| (named(extra), Quoi::EnTrop))).map(ecart));
    }
    let etat = if ecarts.is_empty() { Etat::Conforme } else { Etat::Different };
    Ok(Verified { couche, etat, cause: None, lignes, ecarts })
}

/// Rows held, and what differs of those that do.
type Held = (u64, Vec<(String, Quoi)>);

async fn read(
    connection: &mut PgConnection,
    plan: &Plan,
    query: &str,
    comparison: &Arc<Comparison>,
) -> Result<Held, BuildError> {
    // Validity at each zoom is not compared: it follows from the shape.
    let schema = plan.schema.in_full_detail().levels(&[ZOOM_MAX..=ZOOM_MAX]);
    let (mut rows, mut pieces, mut found) = (CopyRows::default(), JoinSet::new(), Held::default());
    let mut add = |(rows, apart): Held| {
        found.0 += rows;
        found.1.extend(apart);
    };
    let start = |pieces: &mut JoinSet<_>, bytes: Vec<u8>| {
        let (schema, comparison) = (schema.clone(), Arc::clone(comparison));
        pieces.spawn_blocking(move || piece(&schema, &comparison, bytes));
    };
    {
        let mut copy = connection.copy_out_raw(&format!("copy ({query}) to stdout (format binary)")).await?;
        while let Some(bytes) = copy.next().await {
            rows.push(&bytes?);
            while rows.next_row()?.is_some() {}
            if rows.passed() >= PIECE {
                if pieces.len() >= PIECES
                    && let Some(held) = pieces.join_next().await
                {
                    add(held??);
                }
                start(&mut pieces, rows.take());
            }
        }
    }
    if !rows.is_whole() {
        return Err(BuildError::Unfinished);
    }
    start(&mut pieces, rows.take());
    while let Some(held) = pieces.join_next().await {
        add(held??);
    }
    found.1.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(found)
}

/// Holds the snapshot to some rows of the copy: those whose shape cannot be drawn are in none.
fn piece(schema: &Schema, comparison: &Comparison, bytes: Vec<u8>) -> Result<Held, BuildError> {
    let columns: Vec<ColumnType> = schema.columns().iter().map(|column| column.kind).collect();
    let writer = SnapshotWriter::new(schema.clone())?;
    let (mut rows, mut batch, mut names, mut count) = (CopyRows::of(bytes), writer.batch(0)?, HashMap::new(), 0);
    let mut project = MERCATOR.reader();
    while let Some(row) = rows.next_row()? {
        let cells: Vec<Cell<'_>> = (1..).zip(&columns).map(|(rank, kind)| cell(&row, rank, *kind)).collect();
        let name = row.bytes(0).unwrap_or_default();
        let shape = row.bytes(columns.len() + 1).unwrap_or_default();
        match batch.push_wkb_by(&mut project, key_of(name), shape, &cells) {
            Ok(()) | Err(SnapshotError::Shape(_)) => {}
            Err(error) => return Err(error.into()),
        }
        names.insert(key_of(name), String::from_utf8_lossy(name).into_owned());
        count += 1;
    }
    writer.add(batch)?;
    let apart = comparison.hold(&writer.finish_in_memory()?)?;
    let named = apart.into_iter().map(|(key, difference)| {
        let quoi = match difference {
            Difference::Missing => Quoi::Manque,
            Difference::Shape => Quoi::Forme,
            Difference::Value { column, drawn, expected } => {
                Quoi::Valeur { champ: column, instantane: drawn, postgis: expected }
            }
        };
        (names.get(&key).cloned().unwrap_or_default(), quoi)
    });
    Ok((count, named.collect()))
}

/// What a row that PostGIS has not is called: its key, else all that the snapshot has of it.
fn named(extra: &Extra) -> String {
    let values = || extra.values.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ");
    extra.name.clone().unwrap_or_else(values)
}
