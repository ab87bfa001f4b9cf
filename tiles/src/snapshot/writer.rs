//! Building a snapshot: batches from several threads, then one file, in Hilbert order.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Snapshot;
use super::batch::Batch;
use super::cells::{Cells, Dictionary};
use super::error::SnapshotError;
use super::format::{MAX_STAMP, Sections};
use super::head::{Head, LevelHead};
use super::level_out::{Gathered, write_level};
use super::schema::{ColumnType, Schema};
use super::simpler::Simpler;
use super::storage::Storage;

/// Gathers the rows of a layer.
#[derive(Debug)]
pub struct SnapshotWriter {
    schema: Schema,
    stamp: Vec<u8>,
    levels: Vec<Mutex<Gathered>>,
}

impl SnapshotWriter {
    /// A snapshot without rows.
    ///
    /// # Errors
    /// The schema can't be.
    pub fn new(schema: Schema) -> Result<Self, SnapshotError> {
        schema.check()?;
        let gathered = if schema.simplification().is_some() { 1 } else { schema.zooms().len() };
        let levels = (0..gathered).map(|_| Mutex::new(Gathered::of(&schema))).collect();
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
    /// The schema has no such level, or it is made from the one of full detail.
    pub fn batch(&self, level: usize) -> Result<Batch, SnapshotError> {
        if level > 0 && self.schema.simplification().is_some() {
            return Err(SnapshotError::Schema("le niveau se fait d'après celui du plein détail"));
        }
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
        let tables = lock(level).codes_of(&batch)?;
        batch.recode(&tables);
        batch.shrink();
        lock(level).batches.push(batch);
        Ok(())
    }

    /// Writes the file: beside, synced, renamed. What was at `path` stays until then, and stays if this fails.
    ///
    /// # Errors
    /// The file system refused, a level holds more than 2^32 rows, or the layer is too large to be simplified.
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
    /// A level holds more than 2^32 rows, or the layer is too large to be simplified.
    pub fn finish_in_memory(self) -> Result<Snapshot, SnapshotError> {
        let bytes = self.write(Vec::new(), Path::new(""))?;
        Snapshot::from_bytes(bytes)
    }

    fn write<W: Storage>(self, out: W, path: &Path) -> Result<W, SnapshotError> {
        let failed = |source| SnapshotError::io("écriture", path)(source);
        let mut sections = Sections::new(out).map_err(failed)?;
        let columns: Vec<ColumnType> = self.schema.columns().iter().map(|column| column.kind).collect();
        let mut head = Head { schema: self.schema, stamp: self.stamp, levels: Vec::new(), table: Vec::new() };
        for (rank, level) in (0_u8..).zip(self.levels) {
            // Rows are forgotten as soon as they are written.
            let level = level.into_inner().unwrap_or_else(PoisonError::into_inner);
            head.levels.push(write_level(&mut sections, rank, &level, &columns, path)?);
        }
        if head.schema.simplification().is_some() && head.schema.zooms().len() > 1 {
            let simpler = write_simpler(&mut sections, &head, &columns, path)?;
            head.levels.extend(simpler);
        }
        head.table = std::mem::take(&mut sections.table);
        sections.finish(&head.to_bytes()).map_err(failed)
    }
}

/// Writes the levels made from the first, read where it was just written.
fn write_simpler<W: Storage>(
    sections: &mut Sections<W>,
    head: &Head,
    columns: &[ColumnType],
    path: &Path,
) -> Result<Vec<LevelHead>, SnapshotError> {
    let read = |source| SnapshotError::io("lecture", path)(source);
    let written = Head { table: sections.table.clone(), ..head.clone() };
    let mut simpler = Simpler::new(&written, &sections.start().map_err(read)?)?;
    let mut heads = Vec::new();
    for rank in 1..head.schema.zooms().len() {
        let level = simpler.next(&sections.start().map_err(read)?)?;
        let rank = u8::try_from(rank).map_err(|_| SnapshotError::TooLarge("niveaux"))?;
        heads.push(write_level(sections, rank, &level, columns, path)?);
    }
    Ok(heads)
}

fn lock(level: &Mutex<Gathered>) -> MutexGuard<'_, Gathered> {
    // A thread that died while holding it can only have left a text too many in a dictionary.
    level.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gathered {
    /// No rows yet, of a layer.
    pub(super) fn of(schema: &Schema) -> Self {
        let dictionaries = schema.columns().iter().map(|_| Dictionary::default()).collect();
        Self { dictionaries, ..Self::default() }
    }

    /// For each column of a batch that has a dictionary, the code here of each of its codes.
    pub(super) fn codes_of(&mut self, batch: &Batch) -> Result<Vec<Vec<u32>>, SnapshotError> {
        let columns = batch.columns.iter().zip(&mut self.dictionaries);
        let tables = columns.map(|(column, shared)| match column {
            Cells::Dictionary(_, own) => own.translate(|text| shared.code(text)),
            _ => Ok(Vec::new()),
        });
        tables.collect()
    }
}
