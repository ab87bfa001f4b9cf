//! Building a snapshot: batches from several threads, then one file, in Hilbert order.

use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::slice::ParallelSliceMut;

use super::Snapshot;
use super::batch::Batch;
use super::cells::{Cells, Dictionary};
use super::columns_out::{Rows, write_columns, write_ends};
use super::error::SnapshotError;
use super::format::{MAX_STAMP, Part, Sections};
use super::head::{Head, LevelHead};
use super::schema::{ColumnType, Schema};
use super::tree;
use crate::bounds::Bounds;

/// Gathers the rows of a layer.
#[derive(Debug)]
pub struct SnapshotWriter {
    schema: Schema,
    stamp: Vec<u8>,
    levels: Vec<Mutex<Level>>,
}

#[derive(Debug, Default)]
struct Level {
    batches: Vec<Batch>,
    /// By rank of column; unused for those that have none.
    dictionaries: Vec<Dictionary>,
}

impl SnapshotWriter {
    /// A snapshot without rows.
    ///
    /// # Errors
    /// The schema can't be.
    pub fn new(schema: Schema) -> Result<Self, SnapshotError> {
        schema.check()?;
        let level = || Level {
            batches: Vec::new(),
            dictionaries: schema.columns().iter().map(|_| Dictionary::default()).collect(),
        };
        let levels = schema.zooms().iter().map(|_| Mutex::new(level())).collect();
        Ok(Self { schema, stamp: Vec::new(), levels })
    }

    /// What it is built for.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Bytes that the snapshot gives back as they are: from which moment of its source it is, for instance.
    ///
    /// # Errors
    /// They are too many.
    pub fn stamp(&mut self, stamp: &[u8]) -> Result<(), SnapshotError> {
        if stamp.len() > MAX_STAMP {
            return Err(SnapshotError::TooLarge("cachet"));
        }
        self.stamp = stamp.to_vec();
        Ok(())
    }

    /// A batch for rows of a level, 0 being the one of full detail. A thread fills its own, some thousands of rows at a time.
    ///
    /// # Errors
    /// The schema has no such level.
    pub fn batch(&self, level: usize) -> Result<Batch, SnapshotError> {
        Batch::new(&self.schema, level)
    }

    /// Adds the rows of a batch; threads may do so at once.
    ///
    /// # Errors
    /// The batch is not of this layer, or a dictionary is full.
    pub fn add(&self, mut batch: Batch) -> Result<(), SnapshotError> {
        let Some(level) = self.levels.get(batch.level).filter(|_| batch.columns.len() == self.schema.columns().len())
        else {
            return Err(SnapshotError::Schema("le lot est d'une autre couche"));
        };
        let mut tables = Vec::with_capacity(batch.columns.len());
        {
            let mut held = lock(level);
            for (column, shared) in batch.columns.iter().zip(&mut held.dictionaries) {
                tables.push(match column {
                    Cells::Dictionary(_, own) => own.translate(|text| shared.code(text))?,
                    _ => Vec::new(),
                });
            }
        }
        for (column, table) in batch.columns.iter_mut().zip(&tables) {
            if let Cells::Dictionary(codes, own) = column {
                for code in codes.iter_mut() {
                    *code = table.get(*code as usize).copied().unwrap_or_default();
                }
                *own = Dictionary::default();
            }
        }
        lock(level).batches.push(batch);
        Ok(())
    }

    /// Writes the file: beside, synced, renamed. What was at `path` stays until then, and stays if this fails.
    ///
    /// # Errors
    /// The file system refused, or a level holds more than 2^32 rows.
    pub fn finish(self, path: &Path) -> Result<(), SnapshotError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut beside = tempfile::Builder::new()
            .prefix(".instantane-")
            .tempfile_in(folder)
            .map_err(SnapshotError::io("création", path))?;
        let out = std::io::BufWriter::with_capacity(1 << 20, beside.as_file_mut());
        self.write(out, path)?;
        beside.as_file().sync_all().map_err(SnapshotError::io("synchronisation", path))?;
        beside.persist(path).map_err(|error| SnapshotError::io("renommage", path)(error.error))?;
        let folder_file = std::fs::File::open(folder).map_err(SnapshotError::io("ouverture", folder))?;
        folder_file.sync_all().map_err(SnapshotError::io("synchronisation", folder))
    }

    /// The snapshot, in memory only.
    ///
    /// # Errors
    /// A level holds more than 2^32 rows.
    pub fn finish_in_memory(self) -> Result<Snapshot, SnapshotError> {
        let bytes = self.write(Vec::new(), Path::new(""))?;
        Snapshot::from_bytes(bytes)
    }

    fn write<W: Write>(self, out: W, path: &Path) -> Result<W, SnapshotError> {
        let failed = |source| SnapshotError::io("écriture", path)(source);
        let mut sections = Sections::new(out).map_err(failed)?;
        let mut heads = Vec::with_capacity(self.levels.len());
        let columns: Vec<ColumnType> = self.schema.columns().iter().map(|column| column.kind).collect();
        for (rank, level) in (0_u8..).zip(self.levels) {
            let level = level.into_inner().unwrap_or_else(PoisonError::into_inner);
            heads.push(write_level(&mut sections, rank, &level, &columns, path)?);
        }
        let head =
            Head { schema: self.schema, stamp: self.stamp, levels: heads, table: std::mem::take(&mut sections.table) };
        sections.finish(&head.to_bytes()).map_err(failed)
    }
}

fn lock(level: &Mutex<Level>) -> MutexGuard<'_, Level> {
    // A thread that died while holding it can only have left a text too many in a dictionary.
    level.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_level<W: Write>(
    out: &mut Sections<W>,
    rank: u8,
    level: &Level,
    columns: &[ColumnType],
    path: &Path,
) -> Result<LevelHead, SnapshotError> {
    let batches = &level.batches;
    let total: usize = batches.iter().map(Batch::len).sum();
    let rows = u32::try_from(total).map_err(|_| SnapshotError::TooLarge("lignes"))?;
    // Along the curve, then by key, so that the same rows make the same file.
    let mut order: Vec<(u64, u64, u32, u32)> = Vec::with_capacity(total);
    for (batch, number) in batches.iter().zip(0_u32..) {
        let keyed = batch.hilbert.iter().zip(&batch.keys).zip(0_u32..);
        order.extend(keyed.map(|((hilbert, key), row)| (*hilbert, *key, number, row)));
    }
    order.par_sort_unstable();
    let places = order.into_iter().map(|(_, _, batch, row)| (batch, row)).collect();
    let places = Rows { places, batches };
    let failed = |source| SnapshotError::io("écriture", path)(source);
    let all = write_tree(out, rank, &places, path)?;
    for (batch, row) in places.iter() {
        let start = row.checked_sub(1).map_or(0, |before| batch.shape_ends[before]);
        out.put(&batch.shapes[start..batch.shape_ends[row]]).map_err(failed)?;
    }
    out.end(rank, Part::Shapes, (0, 0, 0));
    let lengths = places
        .iter()
        .map(|(batch, row)| batch.shape_ends[row] - row.checked_sub(1).map_or(0, |before| batch.shape_ends[before]));
    write_ends(out, lengths, path)?;
    out.end(rank, Part::ShapeEnds, (0, 0, 0));
    if batches.iter().any(|batch| batch.masks.iter().any(|mask| *mask != 0)) {
        for (batch, row) in places.iter() {
            out.put(&batch.masks[row].to_le_bytes()).map_err(failed)?;
        }
    }
    out.end(rank, Part::Masks, (0, 0, 0));
    for (batch, row) in places.iter() {
        out.put(&batch.keys[row].to_le_bytes()).map_err(failed)?;
    }
    out.end(rank, Part::Keys, (0, 0, 0));
    let mut by_key: Vec<(u64, u32)> = places.iter().map(|(batch, row)| batch.keys[row]).zip(0..).collect();
    by_key.par_sort_unstable();
    for (_, row) in by_key {
        out.put(&row.to_le_bytes()).map_err(failed)?;
    }
    out.end(rank, Part::ByKey, (0, 0, 0));
    write_columns(out, rank, columns, &places, &level.dictionaries, path)?;
    Ok(LevelHead { rows, bounds: all })
}

/// Writes the boxes of rows and of the nodes above them; the box of all.
fn write_tree<W: Write>(
    out: &mut Sections<W>,
    rank: u8,
    places: &Rows<'_>,
    path: &Path,
) -> Result<Bounds, SnapshotError> {
    let boxes: Vec<Bounds> = places.iter().map(|(batch, row)| batch.bounds[row]).collect();
    for (part, bounds) in [(Part::Bounds, &boxes), (Part::Nodes, &tree::build(&boxes))] {
        for one in bounds {
            out.put(&tree::to_raw(one)).map_err(SnapshotError::io("écriture", path))?;
        }
        out.end(rank, part, (0, 0, 0));
    }
    let mut all = Bounds::EMPTY;
    for one in &boxes {
        all.join(one);
    }
    Ok(all)
}
